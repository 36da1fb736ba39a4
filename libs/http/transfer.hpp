#pragma once

// Internal to this library: one exchange on a libcurl easy handle.

#include <curl/curl.h>

#include <memory>
#include <string>

#include "http/client.hpp"

namespace tilts::http {

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

class Transfer {
 public:
  Transfer(HttpRequest request, HttpClient::Callback callback)
      : request_(std::move(request)), callback_(std::move(callback)) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Checks the request and sets every option; the object must not move afterwards (curl points into it).
  core::Status Prepare(const ClientOptions& options);
  CURL* handle() const { return easy_.get(); }
  void Finish(CURLcode code);
  void Fail(core::Error error) { callback_(tl::unexpected<core::Error>(std::move(error))); }

 private:
  core::Status ReadAddress();
  core::Status SetHeaders();
  void SetMethod();
  void SetLimits(const ClientOptions& options);
  core::Error Explain(CURLcode code) const;
  static std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t OnOpenSocket(void* self, curlsocktype purpose, curl_sockaddr* address);

  HttpRequest request_;
  HttpClient::Callback callback_;
  std::unique_ptr<CURL, EasyDeleter> easy_;
  std::unique_ptr<curl_slist, ListDeleter> headers_;
  std::string origin_;  // scheme://host:port, what an error may say
  HttpResponse response_;
  std::size_t header_bytes_ = 0;
  bool vet_addresses_ = true;
  bool address_refused_ = false;
  bool too_large_ = false;
};

}  // namespace tilts::http
