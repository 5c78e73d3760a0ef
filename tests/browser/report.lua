-- The page of a report in a real browser: what it looks like, what it does, what it never does.
-- report.sh starts the driver and says where the pages and the reference pictures are.
local browser = require "webdriver"
local checks = require "page_checks"
local references = require "references"

local WIDE, HIGH = 1400, 2400 -- for pictures: whole, and nothing that floats before them
local SIZES = { { 1400, 1000 }, { 400, 800 }, { 320, 600 } }
local TOLERANCE = 0.006 -- of the blocks of a picture

local passed, failed = 0, 0

local function expect(what, wrong)
  if #wrong == 0 then
    passed = passed + 1
    return
  end
  failed = failed + 1
  print("FAILED: " .. what .. ": " .. table.concat(wrong, "; "):sub(1, 600))
end

local function expect_equal(what, got, wanted)
  local wrong = ("%s, wanted %s"):format(tostring(got), tostring(wanted))
  expect(what, got == wanted and {} or { wrong })
end

-- A check that cannot fail is none: with the fault planted it must.
local function expect_caught(what, wrong)
  expect("caught: " .. what, #wrong > 0 and {} or { "it went unnoticed" })
end

local function look(page, scheme)
  page:prefer(scheme)
  local picture = page:picture(".timeline")
  return picture, page:run(checks.places)
end

-- Pictures are measured on an empty page: the report's own policy lets none in.
local function measure(page, url, picture, places)
  page:go("about:blank")
  local seen = page:run_async(checks.drawn, picture, json.array(places))
  page:go(url)
  return seen
end

local function compare(page, url, picture, reference, left)
  page:go("about:blank")
  local result = page:run_async(checks.difference, picture, reference, left, 24)
  page:go(url)
  return result
end

local function check_quiet(page, name)
  expect(name .. ": the console is silent", page:complaints())
  expect(name .. ": nothing is fetched", page:run(checks.network))
end

local function check_page(page, url, name)
  for _, size in ipairs(SIZES) do
    page:resize(size[1], size[2])
    page:go(url)
    expect(("%s: %d wide"):format(name, size[1]), page:run(checks.overflow))
    expect(name .. ": bars stand where they should", page:run(checks.bars))
  end
  expect(name .. ": structure", page:run(checks.structure))
  check_quiet(page, name)
  page:resize(WIDE, HIGH)
  for _, scheme in ipairs { "light", "dark" } do
    local picture, places = look(page, scheme)
    expect(name .. ": contrast in " .. scheme, page:run(checks.contrast))
    local seen = measure(page, url, picture, places)
    expect(name .. ": bars are drawn in " .. scheme, seen.empty > 0 and { seen.where } or {})
    expect_equal(name .. ": the ground is " .. scheme, seen.ground > 128, scheme == "light")
  end
end

local function check_references(page, url)
  page:resize(WIDE, HIGH)
  page:go(url)
  local left = page:run([[
    const x = (selector) => document.querySelector(selector).getBoundingClientRect().left;
    return Math.ceil(x(".row > svg") - x(".timeline"));
  ]])
  for _, scheme in ipairs { "light", "dark" } do
    local picture = look(page, scheme)
    print("picture " .. scheme .. " " .. picture)
    local result = compare(page, url, picture, references[scheme] or "", left)
    print(("differs from the reference in %s: %s"):format(scheme, result.why))
    expect("looks as it did in " .. scheme, result.share <= TOLERANCE and {} or { result.why })
    page:run("document.querySelectorAll('.row.job .bar')[1].remove()")
    local planted = compare(page, url, page:picture(".timeline"), references[scheme] or "", left)
    expect_caught("a bar that is gone, in " .. scheme,
      planted.share > TOLERANCE and { planted.why } or {})
  end
end

local function shown(page)
  return page:run("return Array.from(document.querySelectorAll('table.calls tbody tr'))"
    .. ".filter((row) => row.getClientRects().length > 0).length")
end

local function set(page, id, value)
  page:run(("const it = document.getElementById('%s'); it.value = '%s';"
    .. "it.dispatchEvent(new Event('input'))"):format(id, value))
end

local function check_filters(page, url)
  page:go(url)
  expect_equal("all calls are shown", shown(page), 7)
  page:type("#filter-text", "replications")
  expect_equal("calls with a text", shown(page), 2)
  set(page, "filter-status", "failed")
  expect_equal("failed calls with a text", shown(page), 1)
  expect_equal("the count", page:run("return document.getElementById('filter-count').textContent"),
    "1 of 7")
  set(page, "filter-text", "")
  set(page, "filter-kind", "change")
  expect_equal("failed changing calls", shown(page), 1)
  set(page, "filter-status", "")
  expect_equal("changing calls", shown(page), 2)
  set(page, "filter-text", "nothing like this")
  expect_equal("no calls", shown(page), 0)
  set(page, "filter-text", "")
  set(page, "filter-kind", "")
  expect_equal("all calls again", shown(page), 7)
end

local function check_comforts(page, url)
  page:zone("Asia/Shanghai")
  page:go(url)
  local first = "return document.querySelector('#steps time').textContent"
  expect_equal("a time in UTC", page:run(first), "12:00:00.100")
  page:click("button[data-zone=local]")
  expect_equal("the same where the viewer is", page:run(first), "20:00:00.100")
  page:click("button[data-zone=utc]")
  expect_equal("and in UTC again", page:run(first), "12:00:00.100")
  page:run("document.querySelector('.row.job .bar').focus()")
  local detail = "return document.querySelector('.detail').textContent"
  local job = page:run(detail)
  expect("what is said of a bar", job:find("job ff80aa01", 1, true) and {} or { job })
  page:run([[
    const down = new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true });
    document.activeElement.dispatchEvent(down);
  ]])
  local part = page:run(detail)
  expect("and of the one below", part:find("sub-job aa1", 1, true) and {} or { part })
end

local function check_print(page, url)
  page:resize(700, 1000)
  page:go(url)
  page:media("print")
  expect("printed: width", page:run(checks.overflow))
  expect("printed: contrast", page:run(checks.contrast))
  expect("printed: nothing to press", page:run(
    "return Array.from(document.querySelectorAll('.filters, nav, button, .detail'))"
    .. ".filter((e) => e.getClientRects().length).map((e) => e.tagName)"))
  expect_equal("printed: every call", shown(page), 7)
  page:media(nil)
end

-- Each of the checks above sees what it is there for.
local function check_checks(page, url)
  page:resize(400, 800)
  page:go(url)
  page:run([[
    const wide = document.createElement("p");
    wide.textContent = "x".repeat(200);
    wide.style.whiteSpace = "nowrap";
    document.body.append(wide);
  ]])
  expect_caught("a page too wide", page:run(checks.overflow))
  page:run("document.querySelector('h1').style.color = '#e8e8e8'")
  page:run("document.querySelector('.row .bar').setAttribute('x', '150%')")
  page:prefer("light")
  expect_caught("pale text", page:run(checks.contrast))
  expect_caught("a bar out of place", page:run(checks.bars))
  page:run("document.querySelector('th').removeAttribute('scope'); window.broken = true")
  expect_caught("a table without heads", page:run(checks.structure))
  page:resize(WIDE, HIGH)
  page:go(url)
  page:run("document.querySelectorAll('.row.step .bar')"
    .. ".forEach((bar) => bar.setAttribute('visibility', 'hidden'))")
  local picture, places = look(page, "light")
  expect_caught("bars that are not drawn",
    measure(page, url, picture, places).empty > 0 and { "empty" } or {})
  page:complaints()
  page:run("const i = new Image(); i.src = 'http://127.0.0.1:9/x.png'; document.body.append(i);"
    .. "document.body.setAttribute('onclick', 'broken = 1'); document.body.click()")
  expect_caught("a picture from elsewhere, and a script in the text", page:complaints())
  expect("but the policy held", page:run("return window.broken ? ['executed'] : []"))
end

local function check_crowd(page, url)
  page:resize(WIDE, 1000)
  page:go(url)
  expect_equal("every one of many calls", shown(page), 10000)
  local rows = page:run("return document.querySelectorAll('.timeline .row').length")
  expect("rows of the timeline", rows <= 220 and {} or { rows .. " rows" })
  local times = page:run([[
    const begun = performance.now();
    const it = document.getElementById("filter-text");
    it.value = "group 77";
    it.dispatchEvent(new Event("input"));
    document.body.offsetHeight;
    const filtered = performance.now() - begun;
    const load = performance.getEntriesByType("navigation")[0].duration;
    return [Math.round(load), Math.round(filtered)];
  ]])
  print(("10,000 calls: loaded in %d ms, filtered in %d ms"):format(times[1], times[2]))
  expect("filtering many calls", times[2] < 2000 and {} or { times[2] .. " ms" })
  expect_equal("calls of a step", shown(page), 20)
  check_quiet(page, "many calls")
end

return {
  name = "report_browser",
  summary = "Looks at reports in a browser",
  params = {
    driver = { type = "string", required = true, help = "address of chromedriver" },
    pages = { type = "string", required = true, help = "folder of the pages" },
    files = { type = "string", required = true, help = "folder for the browser's own files" },
  },
  needs = { "net:127.0.0.1" },
  run = function(_, p)
    local page = browser.open(p.driver, p.files)
    local url = function(name) return "file://" .. p.pages .. "/" .. name .. ".html" end
    for _, name in ipairs { "eventful", "running", "cancelled", "hostile" } do
      check_page(page, url(name), name)
    end
    check_references(page, url("eventful"))
    check_filters(page, url("eventful"))
    check_comforts(page, url("eventful"))
    check_print(page, url("eventful"))
    check_checks(page, url("eventful"))
    check_crowd(page, url("crowded"))
    page:close()
    print(("%d checks passed, %d failed"):format(passed, failed))
    if failed > 0 then error({ kind = "precondition", message = failed .. " checks failed" }) end
  end,
}
