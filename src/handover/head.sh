# How to use it:
#   log in first:      de --host "$HOST" login
#   only print:        DRY=1 ./handover.sh
#   some apps:         ./handover.sh sales costs
#   values:            export DASHLIFT_VALUE_API_TOKEN=...            for every app that has API_TOKEN,
#                      export DASHLIFT_VALUE_SALES_API_TOKEN=...      for the app sales alone
#   deploy, too:       DEPLOY=folder ./handover.sh                    the folder has a clone for each app
# It may be run again: what is there already is not made again. A command that fails is counted, and
# the next one is run. Everything is written to handover.log (or LOG), values of variables are not.
#
# How sure the commands are:
#   D  in Plotly's documentation    S  read in the source of Plotly's client    W  seen, weakly known
set -u
dry=${DRY:-}
log=${LOG:-handover.log}
failed=0
left=0
app=

say() {
  printf '%s\n' "$*"
  [ -n "$dry" ] || printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >>"$log"
}

fail() {
  failed=$((failed + 1))
  say "FAILED $app: $*"
}

# Runs a command and counts it when it fails.
run() {
  say "$app: $*"
  [ -z "$dry" ] || return 0
  "$@" </dev/null >>"$log" 2>&1 || fail "$* (status $?)"
}

# Whether the app has to be made. When the client cannot tell, the app is left.
is_missing() {
  [ -z "$dry" ] || return 0
  local said status
  said=$(de apps exists -n "$1" </dev/null 2>&1)
  status=$?
  case $said in
  *"does not exist on [$HOST]"*) return 0 ;;
  *"does not exist on ["*)
    say "The client is logged in to another server; log in: de --host $HOST login"
    exit 2
    ;;
  esac
  [ "$status" -eq 0 ] && return 1
  fail "de apps exists -n $1 (status $status)"
  return 2
}

# Makes the app where it is missing.
make_app() {
  local status
  is_missing "$1"
  status=$?
  case $status in
  0) run de apps create -n "$1" ;;
  1) say "$app: is there" ;;
  esac
  [ "$status" -ne 2 ]
}

# Makes a service of the app where it is missing.
make_service() {
  local said status
  if [ -z "$dry" ]; then
    said=$(de services exists -n "$1" -t "$2" </dev/null 2>&1)
    status=$?
    case $said in
    *False*) ;;
    *)
      if [ "$status" -eq 0 ]; then
        say "$app: its $2 is there"
      else
        fail "de services exists -n $1 -t $2 (status $status)"
      fi
      return
      ;;
    esac
  fi
  run de services create --app-name "$1" --type "$2"
}

# Sets a variable to a value of the environment. Neither the value nor what the client says of it is
# printed or logged.
set_variable() {
  if [ -z "$3" ]; then
    left=$((left + 1))
    say "LEFT $app: no value for $2 in the environment"
    return
  fi
  say "$app: de apps update --name $1 --add-environment-variable \"$2=...\""
  [ -z "$dry" ] || return 0
  de apps update --name "$1" --add-environment-variable "$2=$3" </dev/null >/dev/null 2>&1 ||
    fail "the variable $2 (status $?)"
}

# Deploys the app from its clone, where one was named.
deploy() {
  [ -n "${DEPLOY:-}" ] || return 0
  if [ -d "$DEPLOY/$1" ]; then
    run de deploy "$DEPLOY/$1" --name "$1" --message "Move to Dash Enterprise 5" -y
  else
    left=$((left + 1))
    say "LEFT $app: no clone in $DEPLOY/$1"
  fi
}
