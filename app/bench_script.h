#pragma once
/// A peer in Python: a script in a child process that times itself.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/types.h"

namespace argscope::app {

/// After its preparations the script says "ready". Then it reads lines: a number is what the dragged parameter is
/// scaled by, answered by the milliseconds that the update took; "answer" asks for the numbers that the last update
/// found, in one line.
struct Script {
  std::string name;     ///< of the peer
  std::string package;  ///< Debian's, for those who lack it
  std::string_view text;
  bool one_thread = false;  ///< of OpenBLAS, where matrices are so small that more would hinder
};

class ScriptPeer {
 public:
  ScriptPeer(Script, const std::vector<Index>& arguments);
  ~ScriptPeer();
  ScriptPeer(ScriptPeer&&) noexcept;

  const Script& script() const { return script_; }
  bool available() const { return process_ != nullptr; }
  /// Why there are no times: the package to install.
  std::string absence() const;
  /// Milliseconds; not-a-number when the peer is not there or gave up.
  double update(double scale);
  Vec answer();  ///< empty when there is none

 private:
  std::string ask(std::string_view line);

  Script script_;
  std::unique_ptr<class ChildProcess> process_;
};

}  // namespace argscope::app
