// The authorities that certificates have to lead to, read from a file when they are first needed.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"

typedef struct x509_store_st X509_STORE;

namespace neap::sign {

class TrustStore {
 public:
  static constexpr const char* kSystemBundle = "/etc/ssl/certs/ca-certificates.crt";

  explicit TrustStore(std::string file = kSystemBundle);
  ~TrustStore();

  // Kind config when the file cannot be read; the next call tries again. Reading the system's
  // takes some tens of milliseconds, once.
  Result<X509_STORE*> get();

 private:
  struct Release {
    void operator()(X509_STORE* store) const;
  };

  std::string file_;
  std::unique_ptr<X509_STORE, Release> store_;
};

}  // namespace neap::sign
