// Every operation of the catalogue has a request, a check and a route in the simulator.
#include <catch2/catch.hpp>

#include "cloud/check.h"
#include "model/run.h"
#include "support/operation_arguments.h"

using namespace neap;

TEST_CASE("every operation can be sent, is checked, and is simulated") {
  test::OperationArguments made(1);
  const model::Tampering honest;
  model::Platform platform(1, honest);
  std::size_t simulated = 0;
  for (const cloud::Operation& operation : cloud::catalog()) {
    INFO(cloud::permission_name(operation));
    const json::Object arguments = made.minimal(operation);
    CHECK(cloud::check_arguments(operation, arguments));
    CHECK(!made.violations(operation).empty());
    const model::Seen seen = platform.call(operation, arguments);
    INFO(seen.status << " " << seen.body);
    // SIM.0501: nothing simulates it. APIGW.0101: nothing is there.
    const bool answered = seen.status < 500 && seen.code != "APIGW.0101";
    CHECK(answered);
    CHECK(seen.body.find("SIM.0501") == seen.body.npos);
    if (answered) ++simulated;
  }
  CHECK(simulated == cloud::catalog().size());
}
