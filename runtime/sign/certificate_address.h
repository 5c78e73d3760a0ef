// Where SMN keeps the certificates of its signatures (smn.md section 6), and whether an address
// that a stranger gives is one of these places.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/endpoints.h"
#include "sign/rejection.h"

namespace neap::sign {

// The region in "urn:smn:{region}:{project}:{topic}"; empty when the text is no topic's URN.
std::string_view topic_region(std::string_view topic_urn);

struct CertificatePlaces {
  std::string cloud{config::kDefaultCloud};
  // By region, "https://host": for regions whose host is not smn.{region}.{cloud}.
  std::map<std::string, std::string, std::less<>> origins;
  // A simulator on this machine, "http://127.0.0.1:8780": it then has the certificates of every
  // region, and they may be signed by themselves.
  std::string simulator_origin;
};

// Kind config: an origin is none, or the simulator's is not a loopback address.
Result<void> check_places(const CertificatePlaces& places);

// "https://smn.cn-north-4.myhuaweicloud.com" for the region of a topic.
std::string certificate_origin(const CertificatePlaces& places, std::string_view region);

// The address has to be, byte for byte, {origin}/smn/SMN_{region}_{32 hexadecimal digits}.pem with
// the region of the topic. Nothing is parsed or decoded: what is equal cannot be read otherwise.
tl::expected<void, Rejection> check_certificate_address(std::string_view url,
                                                        std::string_view topic_urn,
                                                        const CertificatePlaces& places);

}  // namespace neap::sign
