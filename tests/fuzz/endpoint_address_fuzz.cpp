// The address an institution gives for its webhooks, against the URL reader that later makes the call: a host that is
// let pass is the host that is connected to.
#include <curl/curl.h>

#include <memory>

#include "notification/domain/endpoint_address.hpp"
#include "require.hpp"

namespace tilts::notification::domain {
namespace {

using fuzz::Require;

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string PartOf(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK || text == nullptr) return {};
  const std::string copy(text);
  curl_free(text);
  return copy;
}

}  // namespace
}  // namespace tilts::notification::domain

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  using namespace tilts::notification::domain;
  const std::string url(fuzz::Input(data, size));
  const AddressRules rules{{"good.example", "[::1]"}, false};
  const core::Status checked = CheckAddress(url, rules);
  if (!checked) {
    fuzz::RequireTold(checked.error());
    Require(!url.starts_with("https://") || url.size() < 12 || checked.error().message.find(url) == std::string::npos,
            "an address is never repeated");
    return 0;
  }
  Require(CheckAddress(url, {{}, true}).has_value(), "what may go to one host may go anywhere");
  const std::unique_ptr<CURLU, FreeUrl> peer(curl_url());
  // What the caller's reader refuses is never called, which is safe.
  if (curl_url_set(peer.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return 0;
  Require(PartOf(peer.get(), CURLUPART_SCHEME) == "https", "only https is called");
  const core::Result<std::string> host = NormaliseHost(PartOf(peer.get(), CURLUPART_HOST));
  Require(host.has_value() && rules.allowed_hosts.count(*host) == 1, "the host called is one that is allowed");
  Require(PartOf(peer.get(), CURLUPART_USER).empty(), "without credentials");
  return 0;
}
