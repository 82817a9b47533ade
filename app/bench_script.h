#pragma once
/// A peer in Python: a script in a child process that times itself.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/types.h"

namespace argscope::app {

/// The text prepares (`np` and sys.argv are there) and defines answer(scale): the arrays that an update finds, where
/// the dragged parameter is scaled by that; their numbers are compared in the order of np.ravel.
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
