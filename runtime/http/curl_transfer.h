// One request on one libcurl handle: its options, its callbacks, and what its end proves.
#pragma once

#include <array>
#include <memory>

#include "http/answer_head.h"
#include "http/curl_library.h"
#include "http/curl_multi.h"
#include "http/curl_transport.h"
#include "http/url.h"

namespace neap::http {

class CurlTransfer {
 public:
  CurlTransfer(const CurlLibrary& curl, CurlMulti& multi, const CurlSettings& settings);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // Sets the handle up for this request; the error (kind argument or internal) says why not.
  Result<void> prepare(Request request, const Url& url, const Options& options);
  // What the transfer's end means; takes the answer out.
  Outcome conclude(CURLcode result);
  // The same for the end of our patience, while libcurl is still at it.
  Outcome expire();

  CURL* easy() const { return easy_.get(); }
  // Plain GETs leave the handle as they found it, so that the next one saves the set-up.
  bool reusable() const;

 private:
  template <class Value>
  void set(CURLoption option, Value value);
  void set_once();
  void set_profile();
  void set_method();
  void set_trust(const Url& url);
  Result<void> set_headers();
  bool append(const std::string& line);

  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static curl_socket_t on_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept;
  static int on_request(void* self, char* peer, char*, int, int) noexcept;

  bool refuses(bool is_private) noexcept;
  bool check_head();
  bool nothing_left(CURLcode result) const;
  std::string describe(CURLcode result) const;
  std::string system_cause() const;
  Outcome failed(Delivery delivery, ErrorKind kind, std::string message) const;

  struct FreeEasy {
    const CurlLibrary* curl;
    void operator()(CURL* easy) const { curl->easy_cleanup(easy); }
  };
  struct FreeList {
    const CurlLibrary* curl;
    void operator()(curl_slist* list) const { curl->slist_free_all(list); }
  };
  using List = std::unique_ptr<curl_slist, FreeList>;

  const CurlLibrary& curl_;
  CurlMulti& multi_;
  const CurlSettings& settings_;
  List resolve_;
  List headers_;
  std::unique_ptr<CURL, FreeEasy> easy_;  // goes before the lists it points to
  CURLcode setup_ = CURLE_OK;             // the first option that libcurl refused

  Request request_;
  Options options_;
  std::string target_;  // host:port, for messages
  AnswerHead head_;
  std::string body_;
  std::string refusal_;           // why a callback stopped the transfer
  bool request_begun_ = false;    // the connection stood, and libcurl began to write
  bool public_only_ = false;      // of this request, which goes through no proxy
  bool refused_private_ = false;  // an address was refused
  std::array<char, CURL_ERROR_SIZE> cause_{};
};

}  // namespace neap::http
