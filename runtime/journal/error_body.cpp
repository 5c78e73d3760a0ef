#include "journal/error_body.h"

namespace neap::journal {
namespace {

struct Field {
  const char* name;
  std::string Error::*text;
};

constexpr Field kFields[] = {
    {"message", &Error::message},     {"hint", &Error::hint}, {"where", &Error::where},
    {"operation", &Error::operation}, {"code", &Error::code}, {"request_id", &Error::request_id},
    {"job_id", &Error::job_id},
};

}  // namespace

json::Object body_of(const Error& error) {
  json::Object body;
  body.set("kind", json::Value(to_text(error.kind)));
  for (const Field& field : kFields) {
    if (!(error.*field.text).empty()) body.set(field.name, error.*field.text);
  }
  if (error.http_status != 0) body.set("http_status", error.http_status);
  return body;
}

Error error_of(const json::Object& body) {
  Error error;
  error.kind = error_kind(body.text("kind"));
  for (const Field& field : kFields) error.*field.text = body.text(field.name);
  error.http_status = static_cast<int>(body.number("http_status").value_or(0));
  return error;
}

}  // namespace neap::journal
