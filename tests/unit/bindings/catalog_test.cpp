// What scripts of the program see of the catalogue, of the platform's times, and of warnings.
#include <catch2/catch.hpp>

#include "fixture.h"

using namespace neap;
using namespace neap::test;

TEST_CASE("the catalogue's tables say how a call is looked up, and where documents disagree") {
  World world;
  CHECK(world.run("local all = require('host.catalog').tables() "
                  "for _, row in ipairs(all.operations) do "
                  "  if row.name == 'start_reverse_protection_group' then "
                  "    return row.lookup.show .. ' ' .. row.lookup.station .. ' ' .. row.urgency "
                  "  end "
                  "end") == "show_protection_group argument recovery");
  CHECK(world.run("local all = require('host.catalog').tables() "
                  "local nested, bonds, sides = 0, 0, 0 "
                  "for _, row in ipairs(all.operations) do "
                  "  bonds = bonds + #row.constraints "
                  "  if row.sides ~= '' then sides = sides + 1 end "
                  "  for _, param in ipairs(row.params) do "
                  "    if param.members then nested = nested + #param.members end "
                  "  end "
                  "end "
                  "return tostring(nested > 0 and bonds > 0 and sides > 0)") == "true");
}

TEST_CASE("a script gets one comparable number of every form of time") {
  World world;
  CHECK(world.run("local parse = require('host.timer').parse_time "
                  "assert(parse('2019-02-28 04:03:12.74') == 1551326592.74) "
                  "assert(parse('2019-02-28T04:03:12Z') == 1551326592) "
                  "assert(parse('2019-02-28T04:03:12.000001') > parse('2019-02-28T04:03:12Z')) "
                  "local ok, problem = pcall(parse, 'soon') "
                  "return tostring(ok) .. ' ' .. problem.kind") == "false argument");
}
