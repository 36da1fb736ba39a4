#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "http/client.hpp"

namespace tilts::e2e {

using Json = nlohmann::json;

// Who calls: one API key and the institution it acts for.
struct Caller {
  std::string key;
  std::string institution;
};

struct Answer {
  int status = 0;  // 0: no answer at all
  Json body;
  std::string text;
  http::Headers headers;

  bool ok() const { return status >= 200 && status < 300; }
};

// A built version: the tree it was built from, and the folder of its programs.
struct Version {
  std::string source;
  std::string binaries;
};

// One private run of the whole house, started by the first use in a test program. Everything is done as an outside
// party would: through the gateway; only processes are touched directly, to hurt them.
class City {
 public:
  static City& Get();
  ~City();

  Answer Call(const std::string& method, const std::string& path, const Caller& caller, const Json& body = nullptr,
              http::Headers extra = {});
  Answer Get(const std::string& path, const Caller& caller) { return Call("GET", path, caller); }
  Answer Post(const std::string& path, const Caller& caller, const Json& body) {
    return Call("POST", path, caller, body);
  }

  const Caller& Operator() const { return operator_; }
  // A client with a key, granted the operations for the institution; remembered per institution.
  Caller For(const std::string& institution);
  Caller WithOperations(const std::string& institution, const std::vector<std::string>& operations);
  // A name no other test uses.
  std::string Fresh(const std::string& prefix);

  core::CityTime Now() const;
  void Advance(std::chrono::microseconds by);

  // Processes by service name ("case-intake"), or "kafka", "postgres", "redis".
  pid_t Pid(const std::string& process) const;
  void Kill9(const std::string& process);
  void Signal(const std::string& process, int signal);
  // Starts whatever does not run; returns when everything is ready.
  void StartAll();
  // The version of what is started from now on. The first is this build, or what TILTS_E2E_SOURCE and
  // TILTS_E2E_BINARIES name.
  void Use(Version version) { version_ = std::move(version); }
  // Configurations, migrations and topics of the version; no process is touched.
  void Prepare() { Services("prepare"); }
  // Ends a service by SIGTERM and starts the version's; no other is touched.
  void Replace(const std::string& service);
  // The folder of the program that a process runs.
  std::string BinariesOf(const std::string& process) const;
  // Starts what was killed, and returns the moment at which it accepts a connection (PostgreSQL: a session) again.
  // That is before it is ready, and the starting script may still be looking at the others: FinishStart waits for it.
  std::chrono::steady_clock::time_point StartAgain(const std::string& process);
  void FinishStart();
  // A second instance of a service on ports of its own.
  pid_t StartSecond(const std::string& service, int port_offset);

  // Status of one service from GET /v1/status, by name; null when it does not answer.
  Json StatusOf(const std::string& service);
  // A service's own word, from its metrics.
  bool Ready(const std::string& service);
  // Nothing in outboxes, no lag, nothing due, twice in a row.
  bool AtRest();
  bool WaitAtRest(std::chrono::seconds limit = std::chrono::seconds(60));

  // The operator's command line; its whole output and exit status.
  std::string Tiltsctl(const std::string& words, int& status);

  // A script of the operator for this run ("backup base"); its whole output and exit status.
  std::string Script(const std::string& words, int& status);

  // One value of one query as the superuser.
  std::string Sql(const std::string& query);
  // The answer to one command of redis-cli.
  std::string Redis(const std::string& words);
  const std::string& run() const { return run_; }
  const std::string& gateway() const { return gateway_; }
  std::string Setting(const std::string& name) const;

 private:
  City();
  static std::string Capture(const std::string& command, int& status);
  static std::string Run(const std::string& command);
  void RemoveLeftovers();
  static void Stop(const std::string& run);
  void Services(const std::string& words);
  std::string PortOf(const std::string& process) const;
  static bool Answers(const std::string& process, const std::string& port);

  std::string run_;
  Version version_;
  std::string gateway_;
  Caller operator_;
  std::map<std::string, std::string> settings_;
  std::map<std::string, Caller> callers_;
  std::unique_ptr<http::HttpClient> client_;
  int fresh_ = 0;
  std::future<void> starting_;  // last: waits for its script before anything else goes
};

// True when the predicate holds within the limit; asks every 20 ms.
bool Eventually(const std::function<bool()>& predicate, std::chrono::milliseconds limit = std::chrono::seconds(30));

}  // namespace tilts::e2e
