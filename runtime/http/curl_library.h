// libcurl, loaded on first use: its thirty libraries would double the time of every start-up.
#pragma once

#include <memory>

#include <curl/curl.h>

#include "base/error.h"

namespace neap::http {

// The functions of one loaded libcurl. curl_global_init is the only state behind it that is not
// ours: libcurl counts its calls, and each of these objects makes one and takes it back.
class CurlLibrary {
 public:
  // Kind config when the library or one of the functions is missing.
  static Result<std::unique_ptr<CurlLibrary>> load(const char* file = "libcurl.so.4");
  ~CurlLibrary();
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;

  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_global_cleanup) global_cleanup = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;
  decltype(&::curl_multi_init) multi_init = nullptr;
  decltype(&::curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&::curl_multi_setopt) multi_setopt = nullptr;
  decltype(&::curl_multi_add_handle) multi_add_handle = nullptr;
  decltype(&::curl_multi_remove_handle) multi_remove_handle = nullptr;
  decltype(&::curl_multi_socket_action) multi_socket_action = nullptr;
  decltype(&::curl_multi_info_read) multi_info_read = nullptr;

 private:
  explicit CurlLibrary(void* handle) : handle_(handle) {}
  Result<void> find_functions();

  void* handle_;
  bool initialised_ = false;
};

}  // namespace neap::http
