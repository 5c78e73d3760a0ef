-- Every behaviour of the simulator that a client can see, and why it is so: a list of
-- { id, service, subject, choice, reason, kind, source }. Kind is "documented" (the platform's
-- documents say it), "inferred" (it follows from them, or other clients' code shows it) or "chosen"
-- (nothing says it, and one way had to be taken). The page about fidelity is made from this.
local choices = {}

local function add(service, rows)
  for _, row in ipairs(rows) do
    local kind, id, subject, choice, reason, source = unpack(row)
    choices[#choices + 1] = {
      id = service .. "." .. id, service = service, subject = subject, choice = choice,
      reason = reason, kind = kind, source = source,
    }
  end
end

-- A service's rows: { kind, id, subject, choice, reason, source }.
add("sim", require("sim.choices.frame"))
add("sdrs", require("sim.choices.sdrs"))
add("sdrs", require("sim.choices.sdrs_states"))
add("sdrs", require("sim.choices.sdrs_rules"))
add("ecs", require("sim.choices.ecs"))
add("as", require("sim.choices.as"))
add("as", require("sim.choices.as_rules"))
add("smn", require("sim.choices.smn"))
add("iam", require("sim.choices.iam"))

return choices
