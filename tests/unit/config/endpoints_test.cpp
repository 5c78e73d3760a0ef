// Addresses of services: who decides, the public pattern and its exceptions.
#include "config/endpoints.h"

#include <catch2/catch.hpp>

#include "config/settings.h"
#include "support/surroundings.h"

using namespace neap;
using namespace neap::config;
using Catch::Contains;

namespace {

Settings load(test::Place& place) {
  return load_settings({}, place.surroundings()).value();
}

}  // namespace

TEST_CASE("a service has the public address of its region") {
  test::Place place;
  place.variables["NEAP_REGION"] = "cn-north-4";
  const Settings settings = load(place);
  CHECK(settings.endpoint_for("sdrs")->value == "https://sdrs.cn-north-4.myhuaweicloud.com");
  CHECK(settings.endpoint_for("autoscaling")->value == "https://as.cn-north-4.myhuaweicloud.com");
  CHECK(settings.endpoint_for("sdrs")->origin.text == "region from environment NEAP_REGION");
}

TEST_CASE("regions that depart from the pattern have the address the SDKs list") {
  CHECK(public_endpoint("as", "ap-southeast-1", kDefaultCloud) ==
        "https://as.ap-southeast-1.myhwclouds.com");
  CHECK(public_endpoint("smn", "cn-north-2", kDefaultCloud) ==
        "https://smn.cn-north-2.myhuaweicloud.cn");
  CHECK(public_endpoint("smn", "eu-west-101", kDefaultCloud) ==
        "https://smn.eu-west-101.myhuaweicloud.eu");
  CHECK(public_endpoint("as", "ap-southeast-1", "cloud.example") ==
        "https://as.ap-southeast-1.cloud.example");
}

TEST_CASE("one endpoint for all beats a service's own, which beats the region's") {
  test::Place place;
  place.variables["HW_REGION_NAME"] = "cn-north-4";
  place.variables["HW_CLOUD"] = "cloud.example";
  CHECK(load(place).endpoint_for("as")->value == "https://as.cn-north-4.cloud.example");
  place.files["/etc/neap/config.toml"] = {"[endpoints]\nautoscaling = \"https://as.file\"\n"};
  CHECK(load(place).endpoint_for("as")->value == "https://as.file");
  place.variables["HUAWEICLOUD_SDK_REGION_AS_CN_NORTH_4"] = "https://as.sdk/";
  CHECK(load(place).endpoint_for("autoscaling")->value == "https://as.sdk");
  CHECK(load(place).endpoint_for("as")->origin.text ==
        "environment HUAWEICLOUD_SDK_REGION_AS_CN_NORTH_4");
  place.variables["NEAP_ENDPOINT"] = "http://127.0.0.1:8080/";
  CHECK(load(place).endpoint_for("as")->value == "http://127.0.0.1:8080");
}

TEST_CASE("without a region only IAM has an address, and the error says how to set one") {
  test::Place place;
  const Settings settings = load(place);
  CHECK(settings.endpoint_for("iam")->value == "https://iam.myhuaweicloud.com");
  const auto missing = settings.endpoint_for("sdrs");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == ErrorKind::kConfig);
  CHECK_THAT(missing.error().message, Contains("sdrs"));
  CHECK_THAT(missing.error().hint, Contains("--region"));
}

TEST_CASE("the name of a service cannot smuggle a host") {
  test::Place place;
  place.variables["NEAP_REGION"] = "cn-north-4";
  for (const char* name : {"", "evil.example/", "a b", "sdrs@x"}) {
    CHECK(load(place).endpoint_for(name).error().kind == ErrorKind::kArgument);
  }
}

TEST_CASE("an endpoint is scheme, host and port, and https except on this machine") {
  CHECK(parse_endpoint(" https://a.example:8443/ ").value() == "https://a.example:8443");
  CHECK(parse_endpoint("http://localhost:1").value() == "http://localhost:1");
  CHECK(parse_endpoint("http://127.8.8.8").value() == "http://127.8.8.8");
  CHECK(parse_endpoint("http://[::1]:80").value() == "http://[::1]:80");
  for (const char* bad :
       {"", "https://", "a.example", "ftp://a.example", "http://a.example",
        "http://127.evil.example", "http://127.0.0.1.evil.example", "http://[::2]",
        "https://a.example/path", "https://a.example?x=1", "https://a.example#x", "https://a\nb"}) {
    INFO(bad);
    CHECK_FALSE(parse_endpoint(bad));
  }
  const auto with_password = parse_endpoint("https://op:canary-4711@a.example");
  REQUIRE_FALSE(with_password);
  CHECK_THAT(describe(with_password.error()), !Contains("canary-4711"));
}
