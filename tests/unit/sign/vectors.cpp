#include "vectors.h"

#include <stdexcept>

#include "json/document.h"
#include "support/golden.h"

namespace neap::test {
namespace {

std::string text_of(const json::Object& vector, std::string_view key) {
  const json::Value* value = vector.find(key);
  const std::string* text = value != nullptr ? value->as<std::string>() : nullptr;
  if (text == nullptr) throw std::runtime_error("vector without " + std::string(key));
  return *text;
}

http::Request request_of(const json::Object& vector) {
  http::Request request;
  const auto method = http::parse_method(text_of(vector, "method"));
  if (!method) throw std::runtime_error("unknown method in " + text_of(vector, "name"));
  request.method = *method;
  request.url = text_of(vector, "url");
  request.body = text_of(vector, "body");
  if (const json::Value* headers = vector.find("headers"); headers != nullptr) {
    for (const auto& [name, value] : *headers->as<json::Object>()) {
      request.headers.add(name, *value.as<std::string>());
    }
  }
  request.headers.set("Host", text_of(vector, "host_header"));
  request.headers.set("X-Sdk-Date", text_of(vector, "x_sdk_date"));
  return request;
}

SigningVector vector_of(const json::Object& row) {
  SigningVector vector;
  vector.name = text_of(row, "name");
  vector.request = request_of(row);
  vector.credentials.access_key = text_of(row, "ak");
  vector.credentials.secret_key = Secret(text_of(row, "sk"));
  vector.expected = {text_of(row, "canonical_request"), text_of(row, "string_to_sign"),
                     text_of(row, "signed_headers"), text_of(row, "authorization")};
  vector.signature = text_of(row, "signature");
  vector.canonical_request_sha256 = text_of(row, "canonical_request_sha256");
  vector.date = parse_basic(text_of(row, "x_sdk_date")).value();
  return vector;
}

}  // namespace

std::vector<SigningVector> signing_vectors() {
  const Result<json::Document> document =
      json::Document::parse(read_golden("signing-vectors.json"));
  if (!document) throw std::runtime_error(document.error().message);
  const json::Value value = document->value();
  std::vector<SigningVector> vectors;
  for (const json::Value& item : *value.as<json::Array>()) {
    const json::Object& row = *item.as<json::Object>();
    const json::Value* portable = row.find("portable");
    const bool quirk =
        portable != nullptr && portable->as<bool>() != nullptr && !*portable->as<bool>();
    if (!quirk) vectors.push_back(vector_of(row));
  }
  return vectors;
}

}  // namespace neap::test
