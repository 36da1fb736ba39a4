#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tilts::testing {

// Stands between a client and a server on this machine and makes the network fail: silence, cut, refusal.
class TcpGate {
 public:
  TcpGate(std::string host, int port);
  ~TcpGate();

  int port() const { return port_; }
  // Bytes of either direction are held back (a frozen peer), then let through again.
  void Hold(bool held) { held_ = held; }
  // Bytes from the server are held back: what the client sends arrives, the answers do not.
  void HoldAnswers(bool held) { answers_held_ = held; }
  // Closes every connection now.
  void Cut() { cut_ = true; }
  // Cuts, and refuses new ones until allowed again.
  void Refuse(bool refused);

 private:
  struct Pair {
    int client = -1;
    int server = -1;
  };
  void Run();
  void Accept();
  bool Forward(int from, int to);

  const std::string host_;
  const int target_port_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> held_ = false;
  std::atomic<bool> answers_held_ = false;
  std::atomic<bool> cut_ = false;
  std::atomic<bool> refused_ = false;
  std::atomic<bool> stopping_ = false;
  std::vector<Pair> pairs_;
  std::thread thread_;
};

}  // namespace tilts::testing
