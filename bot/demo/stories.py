"""The sessions of ``wingman demo``: what each agent is busy with, and what it asks."""

from __future__ import annotations

STORIES: dict[str, dict[str, object]] = {
    "shop-api": {
        "steps": [
            {"say": "I'll run the production build first, then fix the price rounding."},
            {"work": 1.0, "verb": "Reading"},
            {
                "bash": "npm run build",
                "id": "build",
                "about": "Build the shop for production",
                "why": "This command requires approval",
                "always": "npm run *",
                "output": ["vite v7.1.0 building for production", "✓ 214 modules in 3.1s"],
                "if_denied": [{"say": "All right, no build. I go on with the rounding."}],
            },
            {"work": 2.0, "verb": "Editing"},
            {
                "edit": "src/cart/price.ts",
                "id": "rounding",
                "diff": [
                    "41  export function total(items: Item[]): number {",
                    "42 -  return items.reduce((sum, item) => sum + item.price, 0);",
                    "42 +  const cents = items.reduce((sum, item) => sum + item.cents, 0);",
                    "43 +  return cents / 100;",
                    "44  }",
                ],
            },
            {"work": 1.5, "verb": "Testing"},
            {"signal": "DONE:prices are summed in cents now, 48 tests pass"},
            {"idle": True},
            {"repeat": True},
        ],
    },
    "docs-site": {
        "steps": [
            {"say": "The guide has grown to 40 pages. One question before I split it."},
            {"work": 2.5, "verb": "Reading"},
            {
                "id": "layout",
                "ask": [
                    {
                        "header": "Layout",
                        "question": "How should the guide be split?",
                        "options": [
                            ["By task", "One page per thing a reader wants to do"],
                            ["By module", "One page per part of the program"],
                            ["Leave it", "One long page with a table of contents"],
                        ],
                    }
                ],
            },
            {"work": 4.0, "verb": "Writing"},
            {"signal": "DONE:the guide is split, all links checked"},
            {"idle": True},
            {"repeat": True},
        ],
    },
    "payments": {
        "mode": "plan",
        "steps": [
            {"say": "I have read the refund code and its tests. Here is what I suggest."},
            {"work": 4.0, "verb": "Planning"},
            {
                "id": "refunds",
                "plan": (
                    "Refunds that cannot be paid twice\n\n"
                    "1. Add an idempotency key to refunds (migration 0042)\n"
                    "2. Check it in refunds/service.py before calling the provider\n"
                    "3. Test: two requests at once give one refund\n\n"
                    "Risk: old clients send no key; they get one made from order and amount."
                ),
                "if_denied": [{"work": 3.0}, {"say": "I have changed the plan accordingly."}],
            },
            {"work": 5.0, "verb": "Implementing"},
            {"signal": "HELP:the sandbox key of the payment provider has expired"},
            {"idle": True},
            {"repeat": True},
        ],
    },
    "infra": {
        "steps": [
            {"say": "Deploying release 2.4.1 to staging."},
            {"work": 4.0, "verb": "Deploying"},
            {"signal": "PROGRESS:50"},
            {"work": 5.0, "verb": "Deploying"},
            {"signal": "DONE:deployed 2.4.1 to staging, health checks green"},
            {"idle": True},
            {"repeat": True},
        ],
    },
}
