_aludel_complete() {
    local words=("${COMP_WORDS[@]}")
    # The part before the cursor; bash hands on nothing where that is a break such as `=`.
    if [[ -n $2 ]]; then words[COMP_CWORD]=$2; fi
    IFS=$'\013' read -r -d '' -a COMPREPLY < <(
        VARIABLE=bash VARIABLE_INDEX=$COMP_CWORD PROGRAM -- "${words[@]}" 2>/dev/null
    )
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:@/] ]]; then
        compopt -o nospace 2>/dev/null
    fi
    return 0
}
complete -o nosort -F _aludel_complete COMMAND 2>/dev/null || complete -F _aludel_complete COMMAND
