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

# run_of STATE-DIR: the id of its latest run.
run_of() {
  "$neap" --state-dir "$1" --output json runs ls --limit 1 >runs
  member runs '"runs"' 1 '"id"'
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

# --- passwords in the arguments of a call ----------------------------------------------------------

about "a password for servers that scaling makes"
# The log of a run keeps its script, so that must not hold the password as it is.
run_neap --state-dir kept run --durable -e "return as.configurations:create {
  scaling_configuration_name = 'web', instance_config = {
    flavorRef = 's3.small.1', imageRef = '67ca5d8d-2f47-4f6b-8b1b-8a6e2a4f1f10',
    disk = { { size = 40, volume_type = 'SSD', disk_type = 'SYS' } },
    security_groups = { { id = '6c0f85fb-7b4d-4f6c-9d2e-0a5b3c1d2e3f' } },
    metadata = { admin_pass = 'CANARY' .. '${canary#CANARY}' } } }.scaling_configuration_id"
expect_exit 0
silent --state-dir kept runs ls
expect_equal "files of the journal that hold it" "$(grep -rac "$canary" kept | grep -cv ':0$')" 0
expect_equal "files of the journal" "$(grep -rac create_scaling_config kept | grep -cv ':0$')" 1
silent run -e "iam.token { identity = { methods = { 'password' },
  password = { user = { name = 7, password = { '$canary' }, domain = { name = 'd' } } } } }"

about "reports of that run"
for format in html md json; do
  silent --state-dir kept report "$(run_of kept)" --format $format
  expect_out create_scaling_config
done

about "a token that confirms a subscription"
run_neap --state-dir invited -v --log-level trace run --durable -e "
  local topic = smn.topics:create { name = 'hooks' }
  local ok, err = pcall(topic.confirm, topic, { token = 'CANARY' .. '${canary#CANARY}' })
  return err.code"
expect_exit 0
expect_out SMN.0013
expect_no stdout "$out" "$canary"
expect_no stderr "$err" "$canary"
silent --state-dir invited runs ls
expect_equal "files of the journal that hold it" "$(grep -rac "$canary" invited | grep -cv ':0$')" 0
expect_equal "files of the journal" "$(grep -rac confirm_subscription invited | grep -cv ':0$')" 1
expect_no "its receipt" "$(admin GET "/receipts?operation=confirm_subscription")" "$canary"

about "reports of that run"
for format in html md json; do
  silent --state-dir invited report "$(run_of invited)" --format $format
  expect_out SMN.0013
done

# --- the right key --------------------------------------------------------------------------------

about "the key that works"
every_command
run_neap -q run -e "return 1"
expect_exit 0

about "scripts that look for it"
# Some 20,000 lines, so it waits now and then, as everything long must within its limit of CPU time.
printf '%s\n' "local shown = 0
local function show(value)
  shown = shown + 1
  if shown % 500 == 0 then task.sleep(0) end
  print(tostring(value))
end
local function dump(value, seen)
  if type(value) ~= 'table' or seen[value] then return show(value) end
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
about "reports of what went wrong"
fresh
fault "{\"operation\":\"$failover\",\"kind\":\"status\",\"status\":400,
  \"message\":\"you sent $real_secret\"}"
run_neap run failover --group demo -y
expect_exit 1
for format in html md json; do
  silent report "$(run_of "$HOME/.local/state/neap")" --format $format
  expect_out "you sent"
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
