// Starts npm's telegram-test-api on a free port and says which: node telegram_test_api.cjs PACKAGE
const TelegramServer = require(process.argv[2]);
const server = new TelegramServer({ host: "127.0.0.1", port: "0", storeTimeout: 600 });
server.start().then(() => console.log(server.server.address().port));
