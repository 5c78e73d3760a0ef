// A changing request to a host of the operator's: sent once, and never again without proof.
#pragma once

#include <cstdint>
#include <string>

#include "bindings/operation.h"
#include "host.h"
#include "http/transport.h"
#include "journal/run_log.h"
#include "lua/bind.h"

namespace neap::bindings {

// Class X (reliability.md 2.2): nothing but a person can tell whether a request whose answer was
// lost took effect. A durable run is then parked with that question; any other raises in_doubt.
class HttpEffect {
 public:
  using Give = Function<void(lua::Resumer, http::Outcome)>;

  // `name` is what people see: "POST hooks.example". `give` hands the outcome to the script.
  HttpEffect(lua::Call& call, std::string name, lua::Resumer resume, Give give);
  HttpEffect(const HttpEffect&) = delete;
  HttpEffect& operator=(const HttpEffect&) = delete;

  // Carries it on from wherever the log says that it stands.
  void begin(http::Request request, http::Options options);

 private:
  void go_on();
  void intend();
  void send();
  void answered(http::Outcome outcome);
  bool accept(const http::Response& response);
  void refuse(const Error& error);
  void doubt(const std::string& why);
  void send_again();
  void close_as_attested();
  void give(http::Response response);
  void park(std::string question);
  bool kept(const Result<journal::Committed>& written);

  Host& host_;
  lua::Replay* replay_;
  journal::EffectLog log_;
  journal::Step step_;
  EffectMark mark_;
  std::string name_;
  lua::Resumer resume_;
  Give give_;
  http::Request request_;
  http::Options options_;
  std::int64_t attempt_ = 0;  // the latest that was sent
  UtcTime sent_at_{};
  Owner transfer_;
  Owner admission_;
};

}  // namespace neap::bindings
