#include "http/transfer.hpp"

#include <sys/socket.h>

#include "http/address.hpp"

namespace tilts::http {
namespace {

using core::Errc;

constexpr std::size_t kMaxHeaderBytes = 64U << 10;

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string UrlPart(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string value = text;
  curl_free(text);
  return value;
}

}  // namespace

core::Status Transfer::Prepare(const ClientOptions& options) {
  TILTS_CHECK(ReadAddress());
  easy_.reset(curl_easy_init());
  if (!easy_) return core::Fail(Errc::kOverloaded, "no memory for another exchange", "HTTP_CLIENT");
  TILTS_CHECK(SetHeaders());
  SetMethod();
  SetLimits(options);
  return {};
}

core::Status Transfer::ReadAddress() {
  const std::unique_ptr<CURLU, UrlDeleter> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, request_.url.c_str(), 0) != CURLUE_OK) {
    return core::Fail(Errc::kInvalid, "write the address as http:// or https:// with a host", "URL");
  }
  const std::string scheme = UrlPart(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    return core::Fail(Errc::kInvalid, "only http and https addresses are called", "URL_SCHEME");
  }
  if (!UrlPart(url.get(), CURLUPART_USER).empty() || !UrlPart(url.get(), CURLUPART_PASSWORD).empty()) {
    return core::Fail(Errc::kInvalid, "leave user and password out of the address", "URL_CREDENTIALS");
  }
  origin_ = scheme + "://" + UrlPart(url.get(), CURLUPART_HOST) + ":" + UrlPart(url.get(), CURLUPART_PORT);
  return {};
}

core::Status Transfer::SetHeaders() {
  if (!IsSafeField(request_.method, "")) return core::Fail(Errc::kInvalid, "the method is not a word", "HTTP_METHOD");
  // "Expect:" alone removes curl's own, which would cost a second with a peer that ignores it.
  headers_.reset(curl_slist_append(nullptr, "Expect:"));
  for (const auto& [name, value] : request_.headers.all()) {
    if (!IsSafeField(name, value)) return core::Fail(Errc::kInvalid, "a header field breaks its line", "HTTP_HEADER");
    const std::string line = value.empty() ? name + ";" : name + ": " + value;
    headers_.reset(curl_slist_append(headers_.release(), line.c_str()));
  }
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
  return {};
}

void Transfer::SetMethod() {
  CURL* easy = easy_.get();
  const std::string& method = request_.method;
  if (method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (method == "POST" || method == "PUT" || method == "PATCH" || !request_.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.data());
    if (!request_.headers.Find("Content-Type")) {
      headers_.reset(curl_slist_append(headers_.release(), "Content-Type:"));
      curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
    }
  }
  if (method != "HEAD" && method != "GET") curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void Transfer::SetLimits(const ClientOptions& options) {
  CURL* easy = easy_.get();
  vet_addresses_ = !options.allow_private_networks;
  curl_easy_setopt(easy, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
  if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::OnOpenSocket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
}

std::size_t Transfer::OnBody(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  const std::size_t room = transfer.request_.max_response_bytes - transfer.response_.body.size();
  transfer.response_.body.append(data, std::min(bytes, room));
  if (bytes <= room) return bytes;
  transfer.too_large_ = true;
  return 0;
}

std::size_t Transfer::OnHeader(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  transfer.header_bytes_ += bytes;
  if (transfer.header_bytes_ > kMaxHeaderBytes) return 0;
  const std::string_view line(data, bytes);
  if (line.substr(0, 5) == "HTTP/") {
    transfer.response_.headers = {};  // an interim answer's fields are not the answer's
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    transfer.response_.headers.Add(std::string(line.substr(0, colon)), std::string(Trim(line.substr(colon + 1))));
  }
  return bytes;
}

curl_socket_t Transfer::OnOpenSocket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (transfer.vet_addresses_ && !IsPublicAddress(address->addr)) {
    transfer.address_refused_ = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void Transfer::Finish(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  response_.truncated = too_large_;
  if (code == CURLE_OK || (too_large_ && request_.truncate_response)) return callback_(std::move(response_));
  Fail(Explain(code));
}

core::Error Transfer::Explain(CURLcode code) const {
  if (address_refused_) {
    return {
        Errc::kDenied, origin_ + " is not on the public internet: register a public address", "ADDRESS_REFUSED", {}, 0};
  }
  if (too_large_) {
    return {
        Errc::kCorrupt, "the answer of " + origin_ + " is longer than the caller accepts", "RESPONSE_TOO_LARGE", {}, 0};
  }
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return {Errc::kTimeout, origin_ + " did not answer in time: retry later", "HTTP_TIMEOUT", {}, 0};
  }
  if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT) {
    return {Errc::kInvalid, "write the address as http:// or https:// with a host", "URL", {}, 0};
  }
  return {Errc::kUnavailable, origin_ + ": " + curl_easy_strerror(code) + ": retry later", "HTTP_EXCHANGE", {}, 0};
}

}  // namespace tilts::http
