// What the process exits with: the numbers that scripts and pipelines depend on.
#include "app/exit_code.h"

#include <catch2/catch.hpp>

using namespace neap;
using namespace neap::app;

namespace {

int code_of(ErrorKind kind, std::string job_id = "", int http_status = 0) {
  Error error{kind, "message"};
  error.job_id = std::move(job_id);
  error.http_status = http_status;
  return static_cast<int>(exit_code(error));
}

}  // namespace

TEST_CASE("every kind of error has its documented exit code") {
  const std::pair<ErrorKind, int> rows[] = {
      {ErrorKind::kUsage, 2},    {ErrorKind::kArgument, 1},     {ErrorKind::kConfig, 2},
      {ErrorKind::kAuth, 1},     {ErrorKind::kPermission, 8},   {ErrorKind::kNotFound, 1},
      {ErrorKind::kConflict, 1}, {ErrorKind::kPrecondition, 3}, {ErrorKind::kThrottled, 1},
      {ErrorKind::kNetwork, 1},  {ErrorKind::kTimeout, 1},      {ErrorKind::kJobFailed, 1},
      {ErrorKind::kInDoubt, 6},  {ErrorKind::kCancelled, 130},  {ErrorKind::kAbandoned, 1},
      {ErrorKind::kClosed, 1},   {ErrorKind::kInternal, 1},     {ErrorKind::kScript, 1},
  };
  for (const auto& [kind, code] : rows) {
    INFO(to_text(kind));
    CHECK(code_of(kind) == code);
  }
}

TEST_CASE("giving up on a job is 5, because it goes on; any other timeout is a failure") {
  CHECK(code_of(ErrorKind::kTimeout, "ff80") == 5);
  CHECK(code_of(ErrorKind::kTimeout) == 1);
}

TEST_CASE("a refusal of ours is 8, the platform's own 403 is a failure") {
  CHECK(code_of(ErrorKind::kPermission) == 8);
  CHECK(code_of(ErrorKind::kPermission, "", 403) == 1);
}
