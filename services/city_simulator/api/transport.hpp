#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace tilts::city_simulator {

// Who calls: the key of a client and the institution it acts for.
struct Caller {
  std::string key;
  std::string institution;
};

struct RawAnswer {
  int status = 0;  // HTTP status, or a gRPC code mapped to one; 0: nothing answered
  std::string body;
  std::string trouble;  // why nothing answered
};

// Plain HTTP by libcurl, one kept connection per thread.
RawAnswer SendHttp(const std::string& verb, const std::string& url, const Caller& caller, const std::string& body,
                   const char* content_type = "application/json");

// gRPC straight to the owning service, without generated stubs.
class RpcChannels {
 public:
  RpcChannels();
  ~RpcChannels();
  // `path` is "/package.Service/Method"; the body of a good answer (status 200) is the serialised response.
  RawAnswer Send(const std::string& address, const std::string& path, const Caller& caller, const std::string& body);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace tilts::city_simulator
