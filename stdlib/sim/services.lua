-- The services that a world simulates, joined. A service is a table:
--   name          as in the catalogue
--   answers       operation -> function(world, call) -> answer
--   resources     name of a resource of the catalogue -> { kind, store, find, render, list, … }:
--                 for operations whose catalogue entry says all (verbs.lua)
--   stores        list of { name, arrays }: records by id; `arrays` names the fields that are lists
--   quotas        name -> number, in a fresh world
--   events        kind -> function(world, id, at), for what agenda.at notes
--   stands        kind -> function(world, id, at): whether such an event still makes sense
--   concluded     function(world, job): a job of this service has come to its end
--   owns          operation -> function(world, path) -> boolean, for paths that services share
--   codes         parameter -> code that answers a bad value; or { missing, wrong }, or
--                 function("missing" | "wrong", value) -> code
--   operation_codes  operation -> the same, where it differs
--   bond_codes    first argument of a constraint -> code that answers a broken one; false where
--                 the service takes what the constraint forbids, or says so later
--   fail_code, action_code   code of any other bad request, and of an unknown action
--   no_body_code  code of a missing body, where it differs from that of a missing parameter
--   is_id         function(text, parameter): whether the service takes it for an id
--   refusal       function(world, code, message) -> answer, where errors have a shape of their own
--   versions      rows of GET /
--   admits        function(world, request, operation): true where no signature is needed, a
--                 refusal of the gateway, or nil
--   pages         path -> function(world, query) -> answer: GETs that nobody signs
--   clear, index  function(world): empties its indexes, fills them from its stores
--   check         function(document) -> reason why an exported state is none, or nil
--   fresh         function(world): what stands in a new world
--   deleted_natively  function(world, "server" or "volume", record): it was deleted behind the
--                 service's back
--   admin         list of { method, path, help, function(world, path, body, query) -> result }
local services = {}

local Joined = {}
Joined.__index = Joined

--- Tells every service that a server or a volume is gone.
function Joined:deleted_natively(world, what, record)
  for _, service in ipairs(self.list) do
    if service.deleted_natively then service.deleted_natively(world, what, record) end
  end
end

--- Whether a request needs a signature no more: true, a refusal { http_status, code, message }, or
--- nil when no service says so.
function Joined:admits(world, request, operation)
  for _, service in ipairs(self.list) do
    local verdict = service.admits and service.admits(world, request, operation)
    if verdict then return verdict end
  end
  return nil
end

local function merge(into, from, what)
  for name, value in pairs(from or {}) do
    if into[name] ~= nil then error("two services have the same " .. what .. ": " .. name) end
    into[name] = value
  end
end

--- Joins a list of services: { list, by_name, resources, stores, events, stands, quotas, pages,
--- admin }.
function services.join(list)
  local joined = setmetatable({
    list = list, by_name = {}, resources = {}, stores = {}, events = {}, stands = {}, quotas = {},
    pages = {}, admin = {},
  }, Joined)
  for _, service in ipairs(list) do
    joined.by_name[service.name] = service
    merge(joined.resources, service.resources, "resource")
    merge(joined.events, service.events, "event")
    merge(joined.stands, service.stands, "event that stands")
    merge(joined.quotas, service.quotas, "quota")
    merge(joined.pages, service.pages, "page")
    for _, entry in ipairs(service.stores or {}) do
      joined.stores[#joined.stores + 1] = entry
    end
    for _, row in ipairs(service.admin or {}) do
      joined.admin[#joined.admin + 1] = row
    end
  end
  return joined
end

return services
