export { html, render, Component, useState, useEffect, useLayoutEffect, useRef, useMemo }
  from "/static/vendor/htm-3.1.1/preact-standalone.module.js";
