#!/usr/bin/env bash
# No secret is ever shown: keys and tokens with a tell-tale value, in every place that may hold
# them, through every command and error, with everything there is to say said.
source "$(dirname "${BASH_SOURCE[0]}")/../support/e2e.sh"

failover=start_failover_protection_group
canary=CANARY7a41f0e5c2
start_simulator --time-scale 2000
real_secret=$HUAWEICLOUD_SDK_SK

# silent ARGUMENT...: neither stream of the run holds a secret, said as loudly as can be.
silent() {
  run_neap -v --log-level trace "$@"
  expect_no stdout "$out" "$canary" "$real_secret"
  expect_no stderr "$err" "$canary" "$real_secret"
}

# every_command: those that meet credentials, in every output, successful or not.
every_command() {
  silent config --origin
  silent version
  silent rehearse failover --group demo
  silent run failover --help
  silent run failover --group demo -y
  silent run failover --group nobody -y
  silent run ./none.lua
  silent --output json run failover --group demo -y
  silent --output jsonl run failover --group demo -y
  silent --endpoint http://127.0.0.1:1 run failover --group demo -y
}

# --- the right key --------------------------------------------------------------------------------

about "the key that works"
every_command
run_neap -q run -e "return 1"
expect_exit 0

about "scripts that look for it"
printf '%s\n' "local function dump(value, seen)
  if type(value) ~= 'table' or seen[value] then return print(tostring(value)) end
  seen[value] = true
  for name, inner in pairs(value) do dump(name, seen); dump(inner, seen) end
end
local seen = {}
dump(_G, seen)
for name, module in pairs(package and package.loaded or {}) do print(name); dump(module, seen) end
for _, name in ipairs { 'sdrs', 'cloud', 'http', 'job', 'resource', 'catalog', 'retry', 'json' } do
  local ok, module = pcall(require, name)
  dump(module, seen)
end
print(os, os.getenv and os.getenv('HUAWEICLOUD_SDK_SK'))
local ok, err = pcall(function() return sdrs.groups:get('no-such-group') end)
dump(err, seen); print(tostring(err))
local ok, answer = pcall(cloud.request, cloud, { service = 'sdrs', method = 'GET',
  path = '/v1/{project_id}/no-such-thing' })
dump(answer, seen)
return sdrs.groups:all()" >dump.lua
"$neap" -v --log-level trace run - <dump.lua >out 2>err
status=$? out=$(<out) err=$(<err)
expect_exit 0
expect_no stdout "$out" "$real_secret"
expect_no stderr "$err" "$real_secret"

about "errors that tell much"
for kind in drop_after bad_json job_fail throttle; do
  fresh
  fault "{\"operation\":\"$failover\",\"kind\":\"$kind\"}"
  silent run failover --group demo -y
  fresh
  fault "{\"operation\":\"$failover\",\"kind\":\"$kind\"}"
  silent --output json run failover --group demo -y
done
about "a server that sends back what it was sent"
fresh
fault "{\"operation\":\"list_protection_groups\",\"kind\":\"status\",\"status\":400,
  \"message\":\"you sent $real_secret\"}"
run_neap -v --log-level trace run failover --group demo -y
expect_exit 1
expect_no stderr "$err" "$real_secret"
expect_err "***"

# --- wrong keys, from every place -----------------------------------------------------------------

without_key() {
  unset HUAWEICLOUD_SDK_AK HUAWEICLOUD_SDK_SK HW_ACCESS_KEY HW_SECRET_KEY
}

about "a wrong secret and a token in the SDKs' variables"
fresh
export HUAWEICLOUD_SDK_SK=$canary HUAWEICLOUD_SDK_SECURITY_TOKEN=$canary-token
every_command
unset HUAWEICLOUD_SDK_SECURITY_TOKEN

about "a secret without its access key"
unset HUAWEICLOUD_SDK_AK
every_command

about "a wrong secret in the HW_ variables"
without_key
export HW_ACCESS_KEY=nobody HW_SECRET_KEY=$canary HW_SECURITY_TOKEN=$canary-token
every_command
unset HW_SECURITY_TOKEN

about "a password"
without_key
export HW_USER_NAME=somebody HW_PASSWORD=$canary HW_USER_PASSWORD=$canary HW_DOMAIN_NAME=company \
  HW_AUTH_TOKEN=$canary-token
every_command
unset HW_USER_NAME HW_PASSWORD HW_USER_PASSWORD HW_DOMAIN_NAME HW_AUTH_TOKEN

about "a profile file"
mkdir -p "$HOME/.huaweicloud"
printf '[basic]\nak = somebody\nsk = %s\nsecurity_token = %s-token\n' "$canary" "$canary" \
  >"$HOME/.huaweicloud/credentials"
every_command
run_neap -q run failover --group demo -y
expect_err "~/.huaweicloud/credentials"
about "a profile file with a broken line"
printf '[basic]\nak = somebody\nsk %s\n' "$canary" >"$HOME/.huaweicloud/credentials"
every_command
run_neap -q run failover --group demo -y
expect_err "credentials:3:"

about "an endpoint with a password"
NEAP_ENDPOINT=http://somebody:$canary@127.0.0.1:1 every_command

about "what the simulator keeps"
export HUAWEICLOUD_SDK_AK=whoever
kept=$(admin GET /receipts)
expect_no "the list of receipts" "$kept" "$canary" "$real_secret"

finish
