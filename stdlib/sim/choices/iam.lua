-- Tokens, projects and the account.
return {
  { "documented", "token-header", "a token",
    "comes in X-Subject-Token, with 201; it lives 24 hours",
    "page of the call", "auth.md 4" },
  { "documented", "token-errors", "wrong passwords",
    "401 with a numeric code and a title",
    "example", "auth.md 4" },
  { "documented", "token-expiry", "an old token",
    "401 APIGW.0307, an unknown one APIGW.0301",
    "texts of the gateway's codes", "auth.md 8" },
  { "chosen", "one-user", "users",
    "one, with a password that everyone knows; no lock after wrong passwords",
    "a simulator has nothing to protect", "auth.md 4" },
  { "chosen", "two-projects", "projects",
    "cn-north-4 and cn-north-1",
    "two show that a filter by name works", "auth.md 4" },
}
