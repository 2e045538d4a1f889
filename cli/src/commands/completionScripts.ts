/**
 * What `fastpipe completion` prints for each shell: a few lines that ask the command line itself, word for word, what may
 * come next. Each answer is a line `word<TAB>meaning`. Nothing about commands or options is written down here.
 */

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Bash breaks words at `:` and `=`, keys and targets have both: the line is split at blanks instead, and what stands
 * before the last break is taken off the answers, since bash will put it back. macOS has bash 3.2: no `mapfile`.
 */
const BASH = `# In ~/.bashrc: eval "$(fastpipe completion bash)"
_fastpipe() {
  local line="\${COMP_LINE:0:COMP_POINT}" words=() current before candidate meaning
  read -ra words <<< "$line"
  case "$line" in *[[:space:]]) words+=("") ;; esac
  current="\${words[\${#words[@]}-1]}"
  before="\${current%"\${current##*[:=]}"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate meaning; do
    COMPREPLY+=("$(printf %q "\${candidate#"$before"}")")
    case "$candidate" in *::) compopt -o nospace 2>/dev/null ;; esac
  done < <("\${words[0]}" completion bash -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _fastpipe fastpipe
`;

const ZSH = `#compdef fastpipe
# In ~/.zshrc, after compinit: eval "$(fastpipe completion zsh)"
_fastpipe() {
  local -a found shown
  local candidate meaning
  while IFS=$'\\t' read -r candidate meaning; do
    found+=("$candidate")
    shown+=("$candidate\${meaning:+  -- $meaning}")
  done < <("\${words[1]}" completion zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  if (( ! \${#found} )); then
    _files
  elif [[ "$found[1]" == *:: ]]; then
    compadd -S '' -a found
  else
    compadd -l -d shown -a found
  fi
}
compdef _fastpipe fastpipe
`;

const FISH = `# In ~/.config/fish/config.fish: fastpipe completion fish | source
function __fastpipe_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    $words[1] completion fish -- $words[2..-1] "$current" 2>/dev/null
end
complete -c fastpipe -n 'count (__fastpipe_complete) >/dev/null' -f
complete -c fastpipe -a '(__fastpipe_complete)'
`;

export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
