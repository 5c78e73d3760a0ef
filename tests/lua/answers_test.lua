-- Answers that are JSON, but not what the operation answers.
local support = require("support")

local LIST, SHOW = "list_protection_groups", "show_protection_group"

local function answer_with(operation, body)
  support.plant({ operation = operation, kind = "status", status = 200, body = body })
end

for _, body in ipairs({
  "[]", "7", "{}", '{"server_groups":"none"}', '{"server_groups":{"id":"x"}}',
  '{"server_groups":[1,2]}', '{"server_groups":[null]}', '{"groups":[]}',
}) do
  support.case("a list is no list when the answer is " .. body, function(check)
    answer_with(LIST, body)
    local err = check.raises(function() return sdrs.groups:all() end, "network")
    check.truthy(err.message:find("server_groups", 1, true), err.message)
    check.truthy(err.hint:find("proxy", 1, true), err.hint)
  end)
end

support.case("a list that is null is an empty one", function(check)
  answer_with(LIST, '{"count":0,"server_groups":null}')
  check.equal(#sdrs.groups:all(), 0)
end)

for _, body in ipairs({ "{}", '{"server_group":null}', '{"server_group":[1]}', '"x"' }) do
  support.case("a thing is no thing when the answer is " .. body, function(check)
    local group = support.demo()
    answer_with(SHOW, body)
    local err = check.raises(function() return group:refresh() end, "network")
    check.truthy(err.message:find("server_group", 1, true), err.message)
  end)
end
