// Credentials in the environment, the profile file and KooCLI's configuration.
#include "sign/local_sources.h"

#include <vector>

#include <catch2/catch.hpp>

#include "support/surroundings.h"

using namespace neap;
using namespace neap::sign;
using Catch::Contains;

namespace {

constexpr const char* kProfileFile = "/home/op/.huaweicloud/credentials";
constexpr const char* kKooCli = "/home/op/.hcloud/config.json";

template <class Look>
Credentials found_by(Look look, test::Place& place) {
  const Result<Finding> finding = look(place.surroundings());
  REQUIRE(finding);
  INFO(finding->skipped);
  REQUIRE(finding->credentials);
  return *finding->credentials;
}

template <class Look>
std::string skipped_by(Look look, test::Place& place) {
  const Result<Finding> finding = look(place.surroundings());
  REQUIRE(finding);
  REQUIRE_FALSE(finding->credentials);
  return finding->skipped;
}

}  // namespace

TEST_CASE("the SDKs' variables are understood, and come before Terraform's") {
  test::Place place;
  place.variables["HW_ACCESS_KEY"] = "AK2";
  place.variables["HW_SECRET_KEY"] = "SK2";
  place.variables["HW_SECURITY_TOKEN"] = "T2";
  place.variables["HW_PROJECT_ID"] = "P2";
  place.variables["HW_DOMAIN_ID"] = "D2";
  const Credentials second = found_by(look_in_environment, place);
  CHECK(second.access_key == "AK2");
  CHECK(second.secret_key.reveal() == "SK2");
  CHECK(second.security_token.reveal() == "T2");
  CHECK(second.project_id == "P2");
  CHECK(second.domain_id == "D2");
  CHECK(second.source == "environment HW_ACCESS_KEY");

  place.variables["HUAWEICLOUD_SDK_AK"] = "AK1";
  place.variables["HUAWEICLOUD_SDK_SK"] = "SK1";
  const Credentials first = found_by(look_in_environment, place);
  CHECK(first.access_key == "AK1");
  CHECK(first.security_token.empty());
  CHECK(first.source == "environment HUAWEICLOUD_SDK_AK");
}

TEST_CASE("half a pair of keys is an error that names the missing variable") {
  for (const auto& [present, missing] : std::vector<std::pair<std::string, std::string>>{
           {"HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK"},
           {"HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_AK"},
           {"HW_ACCESS_KEY", "HW_SECRET_KEY"},
           {"HW_SECRET_KEY", "HW_ACCESS_KEY"}}) {
    test::Place place;
    place.variables[present] = "half";
    const Result<Finding> finding = look_in_environment(place.surroundings());
    REQUIRE_FALSE(finding);
    CHECK(finding.error().kind == ErrorKind::kAuth);
    CHECK(finding.error().message == present + " is set but " + missing + " is not");
  }
}

TEST_CASE("a profile file gives its section basic, else its section global") {
  test::Place place;
  place.files[kProfileFile] = {
      "# mine\n[global-1]\nak = AKG\nsk = SKG\ndomain_id = D\n\n[basic]\nAK=AKB\nsk = a=b#c\n"
      "project_id = P\nsecurity_token = T\n"};
  const Credentials basic = found_by(look_in_profile_file, place);
  CHECK(basic.access_key == "AKB");
  CHECK(basic.secret_key.reveal() == "a=b#c");
  CHECK(basic.project_id == "P");
  CHECK(basic.security_token.reveal() == "T");
  CHECK(basic.source == "profile basic in ~/.huaweicloud/credentials");

  place.files[kProfileFile] = {"[global-1]\r\nak = AKG\r\nsk = SKG\r\n"};
  CHECK(found_by(look_in_profile_file, place).source ==
        "profile global-1 in ~/.huaweicloud/credentials");
}

TEST_CASE("a profile file that others can read is used with a warning") {
  test::Place place;
  place.files[kProfileFile] = {"[basic]\nak=A\nsk=S\n", true};
  const Result<Finding> finding = look_in_profile_file(place.surroundings());
  CHECK(finding->credentials);
  CHECK_THAT(finding->warning, Contains("chmod 600"));
}

TEST_CASE("a profile file without keys is skipped with the reason") {
  test::Place place;
  CHECK_THAT(skipped_by(look_in_profile_file, place), Contains("is not there"));
  place.files[kProfileFile] = {"[other]\nak=A\nsk=S\n"};
  CHECK_THAT(skipped_by(look_in_profile_file, place), Contains("no section basic or global"));
  place.files[kProfileFile] = {"[basic]\nidp_id=x\nid_token_file=y\n"};
  CHECK_THAT(skipped_by(look_in_profile_file, place), Contains("idp_id"));
  place.unreadable[kProfileFile] = "Permission denied";
  CHECK_THAT(skipped_by(look_in_profile_file, place), Contains("Permission denied"));
  place.variables.clear();
  CHECK_THAT(skipped_by(look_in_profile_file, place), Contains("HOME is not set"));
}

TEST_CASE("a broken profile file, or one named and missing, is an error") {
  test::Place place;
  const auto message = [&] {
    const Result<Finding> finding = look_in_profile_file(place.surroundings());
    REQUIRE_FALSE(finding);
    CHECK(finding.error().kind == ErrorKind::kAuth);
    return finding.error().message;
  };
  place.files[kProfileFile] = {"[basic]\nak = A\ncanary-4711\n"};
  CHECK_THAT(message(), Contains("~/.huaweicloud/credentials:3:") && !Contains("canary"));
  place.files[kProfileFile] = {"[basic]\nak = A\n"};
  CHECK_THAT(message(), Contains("section basic has no sk"));
  place.variables["HUAWEICLOUD_SDK_CREDENTIALS_FILE"] = "/etc/keys";
  CHECK_THAT(message(), Contains("/etc/keys is not there"));
  place.files["/etc/keys"] = {"[basic]\nak=A\nsk=S\n"};
  CHECK(found_by(look_in_profile_file, place).source == "profile basic in /etc/keys");
}

TEST_CASE("KooCLI's current profile is used when its file is not encrypted") {
  test::Place place;
  place.files[kKooCli] = {
      R"({"current":"prod","authEncrypt":"false","profiles":[{"name":"default"},)"
      R"({"name":"prod","mode":"AKSK","accessKeyId":"A","secretAccessKey":"S",)"
      R"("securityToken":"T","projectId":"P","domainId":"D"}]})"};
  const Credentials credentials = found_by(look_in_koocli, place);
  CHECK(credentials.access_key == "A");
  CHECK(credentials.secret_key.reveal() == "S");
  CHECK(credentials.security_token.reveal() == "T");
  CHECK(credentials.project_id == "P");
  CHECK(credentials.source == "KooCLI profile prod in ~/.hcloud/config.json");
  place.variables["HW_PROFILE"] = "default";
  CHECK_THAT(skipped_by(look_in_koocli, place), Contains("profile default has no access key"));
}

TEST_CASE("KooCLI's configuration is skipped, with the reason, when it cannot be used") {
  test::Place place;
  const auto reason = [&](const char* text) {
    place.files[kKooCli] = {text};
    return skipped_by(look_in_koocli, place);
  };
  CHECK_THAT(skipped_by(look_in_koocli, place), Contains("not there"));
  CHECK_THAT(reason(R"({"authEncrypt":"true","profiles":[]})"),
             Contains("skipped because encrypted"));
  CHECK_THAT(reason(R"({"authEncrypt":"4f3a","profiles":[]})"),
             Contains("skipped because encrypted"));
  CHECK_THAT(reason("{canary-4711"), Contains("not valid JSON") && !Contains("canary"));
  CHECK_THAT(reason("[]"), Contains("not a KooCLI configuration"));
  CHECK_THAT(reason(R"({"profiles":[{"name":"x"}]})"), Contains("no profile default"));
  CHECK_THAT(reason(R"({"profiles":[{"name":"default","mode":"SSO"}]})"), Contains("mode SSO"));
  place.files[kKooCli] = {R"({"profiles":[{"name":"default","accessKeyId":"A"}]})"};
  CHECK_THAT(look_in_koocli(place.surroundings()).error().message, Contains("secretAccessKey"));
}
