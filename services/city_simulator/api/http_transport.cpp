#include <curl/curl.h>

#include <memory>

#include "city_simulator/api/transport.hpp"

namespace tilts::city_simulator {
namespace {

constexpr long kTimeoutMs = 60'000;

struct CloseEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct CloseList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t Append(const char* data, std::size_t one, std::size_t count, void* into) {
  static_cast<std::string*>(into)->append(data, one * count);
  return one * count;
}

CURL* ThreadHandle() {
  thread_local const std::unique_ptr<CURL, CloseEasy> handle(curl_easy_init());
  return handle.get();
}

}  // namespace

RawAnswer SendHttp(const std::string& verb, const std::string& url, const Caller& caller, const std::string& body,
                   const char* content_type) {
  RawAnswer answer;
  CURL* handle = ThreadHandle();
  curl_easy_reset(handle);
  std::unique_ptr<curl_slist, CloseList> headers;
  const auto add = [&](const std::string& line) { headers.reset(curl_slist_append(headers.release(), line.c_str())); };
  if (!caller.key.empty()) add("Authorization: Bearer " + caller.key);
  if (!caller.institution.empty()) add("Tilts-Institution: " + caller.institution);
  if (verb != "GET") {
    add(std::string("Content-Type: ") + content_type);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, verb.c_str());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, body.c_str());
  }
  add("Expect:");
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, kTimeoutMs);
  curl_easy_setopt(handle, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
  if (const CURLcode code = curl_easy_perform(handle); code != CURLE_OK) {
    answer.trouble = curl_easy_strerror(code);
    return answer;
  }
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace tilts::city_simulator
