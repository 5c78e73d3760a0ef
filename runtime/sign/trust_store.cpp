#include "sign/trust_store.h"

#include <utility>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "base/text.h"

namespace neap::sign {

void TrustStore::Release::operator()(X509_STORE* store) const {
  X509_STORE_free(store);
}

TrustStore::TrustStore(std::string file) : file_(std::move(file)) {}
TrustStore::~TrustStore() = default;

Result<X509_STORE*> TrustStore::get() {
  if (store_) return store_.get();
  std::unique_ptr<X509_STORE, Release> store(X509_STORE_new());
  const bool loaded = store && X509_STORE_load_file(store.get(), file_.c_str()) == 1;
  ERR_clear_error();
  if (!loaded) {
    return fail(ErrorKind::kConfig,
                fmt::format("cannot read certificate authorities from {}", printable(file_)),
                "install ca-certificates, or name another bundle");
  }
  store_ = std::move(store);
  return store_.get();
}

}  // namespace neap::sign
