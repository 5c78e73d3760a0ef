-- Tags of protected instances and the query by tags.
local test = require("test")
local support = require("support")

local function path_of(client, number)
  return "/protected-instances/" .. client:instances()[number].id .. "/tags"
end

local function tag(key, value)
  return { key = key, value = value }
end

local function add(client, number, ...)
  return client:refusal("POST", path_of(client, number) .. "/action", {
    action = "create", tags = { ... },
  })
end

local function tags_of(client, number)
  return client:get(path_of(client, number)).tags
end

test.case("tags are added, overwritten, deleted and listed", function(check)
  local client = support.client()
  local path = path_of(client, 1)
  local response = client:call("POST", path, { tag = tag("tier", "web") })
  check.equal({ response.status, response.body }, { 204, "" }, "one")
  check.equal(add(client, 1, tag("tier", "db"), tag("stage", "")), nil, "several")
  check.equal(tags_of(client, 1), { tag("tier", "db"), tag("stage", "") }, "tags")
  check.equal(#client:instances()[1].tags, 2, "of the instance")
  check.equal(client:call("DELETE", path .. "/stage").status, 204, "deleted")
  response = client:call("DELETE", path .. "/stage")
  check.equal(response.status, 404, "the only SDRS code with 404")
  check.equal(client:refusal("DELETE", path .. "/stage"), "SDRS.2206", "missing")
  local function delete(...)
    return client:call("POST", path .. "/action", { action = "delete", tags = { ... } }).status
  end
  check.equal(delete({ key = "nothing" }, tag("tier", "web")), 204, "missing ones are tolerated")
  check.equal(#tags_of(client, 1), 1, "another value stays")
  check.equal(delete({ key = "tier" }), 204, "by key alone")
  check.equal(#tags_of(client, 1), 0, "gone")
end)

test.case("the tags of a project are keys with their values", function(check)
  local client = support.client()
  add(client, 1, tag("tier", "web"), tag("stage", "live"))
  add(client, 2, tag("tier", "db"))
  add(client, 3, tag("tier", "web"))
  check.equal(client:get("/protected-instances/tags").tags, {
    { key = "tier", values = { "web", "db" } }, { key = "stage", values = { "live" } },
  }, "tags")
end)

test.case("a bad tag is refused with its code", function(check)
  local client = support.client()
  local path = path_of(client, 1) .. "/action"
  check.equal(add(client, 1, tag("", "x")), "SDRS.2205", "empty key")
  check.equal(add(client, 1, { value = "x" }), "SDRS.2205", "no key")
  check.equal(add(client, 1, tag(("k"):rep(37), "x")), "SDRS.2204", "long key")
  check.equal(add(client, 1, tag("a=b", "x")), "SDRS.2204", "forbidden character")
  check.equal(add(client, 1, tag("k", ("v"):rep(44))), "SDRS.2207", "long value")
  check.equal(add(client, 1, { key = "k" }), "SDRS.2208", "no value")
  check.equal(add(client, 1, tag("k", "1"), tag("k", "2")), "SDRS.2209", "a key twice")
  check.equal(client:refusal("POST", path, { action = "create", tags = {} }), "SDRS.2202", "none")
  check.equal(client:refusal("POST", path, { action = "drop", tags = { tag("k", "v") } }),
    "SDRS.2201", "action")
  check.equal(client:refusal("POST", path, { action = "delete", tags = { { key = "" } } }),
    "SDRS.2205", "empty key to delete")
  local many = {}
  for index = 1, 10 do
    many[index] = tag("k" .. index, "v")
  end
  check.equal(add(client, 1, unpack(many)), nil, "ten")
  check.equal(add(client, 1, tag("k11", "v")), "SDRS.2203", "the eleventh")
  check.equal(add(client, 1, tag("k1", "other")), nil, "overwriting is no more")
  many[11] = tag("k11", "v")
  check.equal(add(client, 2, unpack(many)), "SDRS.2203", "eleven at once")
  client:admin("instances/" .. client:instances()[1].id .. "/set", { status = "deleting" })
  check.equal(add(client, 1, tag("k1", "v")), "SDRS.2221", "adding while it is deleted")
  check.equal(client:refusal("DELETE", path_of(client, 1) .. "/k1"), "SDRS.2222", "deleting then")
end)

local function query(client, wish)
  wish.action = wish.action or "filter"
  local _, value = client:call("POST", "/protected-instances/resource_instances/action", wish)
  if value.error then return value.error.code end
  local names = {}
  for index, row in ipairs(value.resources or {}) do
    names[index] = row.resource_name:match("%d$")
  end
  return table.concat(names, ","), value
end

local function tagged()
  local client = support.client()
  add(client, 1, tag("tier", "web"), tag("stage", "live"))
  add(client, 2, tag("tier", "web-cache"), tag("stage", "test"))
  add(client, 3, tag("tier", "db"))
  return client
end

test.case("instances are found by tags: all, any, none, by part and by name", function(check)
  local client = tagged()
  local function want(key, ...)
    return { key = key, values = support.json.array({ ... }) }
  end
  check.equal(query(client, {}), "1,2,3", "everything")
  check.equal(query(client, { tags = { want("tier", "web") } }), "1", "exact")
  check.equal(query(client, { tags = { want("tier", "*web") } }), "1,2", "a part")
  check.equal(query(client, { tags = { want("tier", "web", "db") } }), "1,3", "either value")
  check.equal(query(client, { tags = { want("tier", "*web"), want("stage", "test") } }), "2",
    "both keys")
  check.equal(query(client, { tags = { want("stage") } }), "1,2", "any value")
  check.equal(query(client, { tags_any = { want("stage", "live"), want("tier", "db") } }), "1,3",
    "any key")
  check.equal(query(client, { not_tags = { want("tier", "*web"), want("stage", "live") } }), "2,3",
    "not all")
  check.equal(query(client, { not_tags_any = { want("tier", "db"), want("stage", "live") } }), "2",
    "none of them")
  check.equal(query(client, { matches = { { key = "resource_name", value = "SERVER-2" } } }), "2",
    "by name, whatever the case")
  local names, page = query(client, { limit = "1", offset = "1" })
  check.equal({ names, page.total_count }, { "2", 3 }, "a page")
  local _, counted = query(client, { action = "count", tags = { want("stage") } })
  check.equal(counted, { total_count = 2 }, "count")
  check.equal(page.resources[1].resource_detail.id, page.resources[1].resource_id, "detail")
end)

test.case("a bad query by tags is refused with its code", function(check)
  local client = tagged()
  local function values(...)
    return { tags = { { key = "k", values = { ... } } } }
  end
  local eleven = {}
  for index = 1, 11 do
    eleven[index] = "v" .. index
  end
  local keys = {}
  for index = 1, 11 do
    keys[index] = { key = "k" .. index, values = { "v" } }
  end
  for code, wish in pairs({
    ["SDRS.2210"] = { action = "drop" },
    ["SDRS.2211"] = { action = "count", limit = "5" },
    ["SDRS.2220"] = { limit = "0" },
    ["SDRS.0222"] = { offset = "-1" },
    ["SDRS.2203"] = { tags = keys },
    ["SDRS.2204"] = { tags = { { key = ("k"):rep(128), values = { "v" } } } },
    ["SDRS.2205"] = { tags = { { key = "", values = { "v" } } } },
    ["SDRS.2207"] = values(("v"):rep(256)),
    ["SDRS.2209"] = { tags = { { key = "k", values = { "1" } }, { key = "k", values = { "2" } } } },
    ["SDRS.2212"] = { matches = support.json.array({}) },
    ["SDRS.2213"] = { matches = { { key = "", value = "x" } } },
    ["SDRS.2214"] = { matches = { { key = "colour", value = "x" } } },
    ["SDRS.2215"] = { matches = { { key = "resource_name", value = "a" },
      { key = "resource_name", value = "b" } } },
    ["SDRS.2216"] = { matches = { { key = "resource_name" } } },
    ["SDRS.2217"] = { matches = { { key = "resource_name", value = ("x"):rep(256) } } },
    ["SDRS.2218"] = values(unpack(eleven)),
    ["SDRS.2219"] = values("a", "a"),
  }) do
    check.equal((query(client, wish)), code, code)
  end
end)
