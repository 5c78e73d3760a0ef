#include "http/curl_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace neap::http {
namespace {

template <class Function>
bool find(void* library, const char* name, Function& function, const char*& missing) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) missing = name;
  return function != nullptr;
}

}  // namespace

Result<std::unique_ptr<CurlLibrary>> CurlLibrary::load(const char* file) {
  // NODELETE: OpenSSL, below libcurl, registers exit handlers that must not be unmapped.
  void* const handle = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    return fail(ErrorKind::kConfig, fmt::format("cannot load libcurl: {}", dlerror()),
                "install the package libcurl4");
  }
  std::unique_ptr<CurlLibrary> library(new CurlLibrary(handle));
  if (auto found = library->find_functions(); !found) return tl::unexpected(found.error());
  if (library->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return fail(ErrorKind::kConfig, fmt::format("cannot initialise {}", file));
  }
  library->initialised_ = true;
  return library;
}

Result<void> CurlLibrary::find_functions() {
  const char* missing = nullptr;
  const bool found = find(handle_, "curl_global_init", global_init, missing) &&
                     find(handle_, "curl_global_cleanup", global_cleanup, missing) &&
                     find(handle_, "curl_easy_init", easy_init, missing) &&
                     find(handle_, "curl_easy_cleanup", easy_cleanup, missing) &&
                     find(handle_, "curl_easy_setopt", easy_setopt, missing) &&
                     find(handle_, "curl_easy_getinfo", easy_getinfo, missing) &&
                     find(handle_, "curl_easy_strerror", easy_strerror, missing) &&
                     find(handle_, "curl_slist_append", slist_append, missing) &&
                     find(handle_, "curl_slist_free_all", slist_free_all, missing) &&
                     find(handle_, "curl_multi_init", multi_init, missing) &&
                     find(handle_, "curl_multi_cleanup", multi_cleanup, missing) &&
                     find(handle_, "curl_multi_setopt", multi_setopt, missing) &&
                     find(handle_, "curl_multi_add_handle", multi_add_handle, missing) &&
                     find(handle_, "curl_multi_remove_handle", multi_remove_handle, missing) &&
                     find(handle_, "curl_multi_socket_action", multi_socket_action, missing) &&
                     find(handle_, "curl_multi_info_read", multi_info_read, missing);
  if (found) return {};
  return fail(ErrorKind::kConfig, fmt::format("libcurl has no function {}", missing),
              "neap needs libcurl 7.87 or later");
}

CurlLibrary::~CurlLibrary() {
  if (initialised_) global_cleanup();
  dlclose(handle_);
}

}  // namespace neap::http
