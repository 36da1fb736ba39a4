#include "gateway/adapters/http_convert.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "auth/gatekeeper.hpp"

namespace tilts::gateway {
namespace {

constexpr std::array<std::string_view, 5> kCallerHeaders = {auth::kAuthorizationMetadata, auth::kInstitutionMetadata,
                                                            auth::kUnitMetadata, auth::kRoleMetadata,
                                                            auth::kPurposeMetadata};

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::string HeaderOr(const http::Request& request, std::string_view name) {
  return std::string(request.headers.Find(name).value_or(std::string_view()));
}

}  // namespace

core::Result<RequestPath> ToRequestPath(std::string_view encoded_path) {
  RequestPath path;
  std::string_view last;
  while (!encoded_path.empty()) {
    encoded_path.remove_prefix(1);  // the slash
    last = encoded_path.substr(0, encoded_path.find('/'));
    encoded_path.remove_prefix(last.size());
    TILTS_ASSIGN(auto segment, http::DecodePercent(last));
    path.segments.push_back(std::move(segment));
  }
  const std::size_t colon = last.rfind(':');
  if (colon != std::string_view::npos) {
    TILTS_ASSIGN(path.stem, http::DecodePercent(last.substr(0, colon)));
    path.verb = std::string(last.substr(colon + 1));
  }
  return path;
}

rpc::Metadata ToMetadata(const http::Headers& headers) {
  rpc::Metadata metadata;
  for (const auto& [name, value] : headers.all()) {
    std::string key = LowerCase(name);
    if (std::find(kCallerHeaders.begin(), kCallerHeaders.end(), key) != kCallerHeaders.end()) {
      metadata.emplace(std::move(key), value);
    }
  }
  return metadata;
}

HttpInput ToInput(const http::Request& request) {
  return {request.query, LowerCase(HeaderOr(request, "Content-Type")), request.body,
          HeaderOr(request, "Idempotency-Key"), HeaderOr(request, "If-Match")};
}

}  // namespace tilts::gateway
