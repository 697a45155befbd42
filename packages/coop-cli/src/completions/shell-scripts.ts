/** The shells that Coop completes in. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** The line that `coop completions candidates` prints where a path belongs; the shell knows those better. */
export const FILES_LINE = ":files";

/**
 * What a shell reads to complete `coop`. Every shell asks the program itself at each Tab, so that what it offers is what
 * this very version understands, and hens are those of the farm.
 */
export const SHELL_SCRIPTS: Readonly<Record<Shell, string>> = {
  // bash 3.2 of macOS too: no arrays by name, no mapfile.
  bash: `# bash completion for coop
_coop() {
  local IFS=$'\\n' line
  COMPREPLY=()
  for line in $("$1" completions candidates -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); do
    if [[ $line == ${FILES_LINE} ]]; then
      compopt -o filenames 2>/dev/null
      COMPREPLY+=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done
}
complete -F _coop coop
`,
  zsh: `#compdef coop
_coop() {
  local line
  local -a candidates
  for line in "\${(@f)$("\${words[1]}" completions candidates -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == ${FILES_LINE} ]]; then
      _files
    elif [[ -n $line ]]; then
      candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done
  (( $#candidates )) && _describe -V coop candidates
}
if [[ $funcstack[1] == _coop ]]; then _coop "$@"; else compdef _coop coop; fi
`,
  fish: `# fish completion for coop
function __coop_candidates
  set -l words (commandline -opc)
  set -l coop $words[1]
  set -e words[1]
  set -l current (commandline -ct)
  for line in ($coop completions candidates -- $words "$current" 2>/dev/null)
    if test "$line" = "${FILES_LINE}"
      __fish_complete_path "$current"
    else
      echo $line
    end
  end
end
complete -c coop -f -k -a '(__coop_candidates)'
`,
};
