// Errors as the journal keeps them.
#include "journal/error_body.h"

#include <catch2/catch.hpp>

using namespace neap;

TEST_CASE("an error comes out of its JSON form as it went in") {
  Error error{ErrorKind::kJobFailed, "job j-1 failed", "look at the group"};
  error.where = "failover.lua:12";
  error.operation = "start_failover_protection_group";
  error.code = "SDRS.1319";
  error.request_id = "r-1";
  error.job_id = "j-1";
  error.http_status = 400;
  const Error back = journal::error_of(journal::body_of(error));
  CHECK(back.kind == error.kind);
  CHECK(describe(back) == describe(error));
  CHECK(back.where == error.where);
  CHECK(back.operation == error.operation);
  CHECK(back.request_id == error.request_id);
  CHECK(back.job_id == error.job_id);
  CHECK(back.http_status == 400);
}

TEST_CASE("fields of an error that say nothing are left out of its JSON form") {
  const json::Object body = journal::body_of(Error{ErrorKind::kTimeout, "too late"});
  CHECK(body.size() == 2);
}
