package web

import (
	"errors"
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// access is who may come to a route at all.
type access int

const (
	signedIn access = iota // others are sent to sign in, to show a second factor, or to unlock
	halfToo                // who lacks only the second factor too
	anyone
	machine // anyone, and nobody looks who it is
)

// handler is a page. What it returns as an error is answered in one place.
type handler func(w http.ResponseWriter, r *http.Request) error

type route struct {
	pattern string
	access  access
	serve   handler
}

func (s *site) routes() []route {
	return []route{
		{"GET /{$}", signedIn, s.myCases},
		{"POST /cases", signedIn, s.openCase},
		{"POST /notices/read", signedIn, s.putNoticesAway},
		{"GET /cases/{id}", signedIn, s.board},
		{"GET /cases/{id}/screen", signedIn, s.screen},
		{"GET /cases/{id}/as/{user}", signedIn, s.lookAs},
		{"GET /cases/{id}/team", signedIn, s.team},
		{"GET /cases/{id}/team/invite", signedIn, s.inviteForm},
		{"POST /cases/{id}/team/invite", signedIn, s.invite},
		{"GET /cases/{id}/team/member/{user}", signedIn, s.memberForm},
		{"POST /cases/{id}/team/member/{user}", signedIn, s.changePlace},
		{"POST /cases/{id}/team/member/{user}/end", signedIn, s.endPlace},
		{"POST /cases/{id}/team/proposal/{proposal}/seat", signedIn, s.seatProposal},
		{"POST /cases/{id}/team/proposal/{proposal}/withdraw", signedIn, s.withdrawProposal},
		{"POST /cases/{id}/team/interpreter", signedIn, s.addInterpreter},
		{"POST /cases/{id}/team/interpreter/{interpreter}/remove", signedIn, s.removeInterpreter},
		{"GET /cases/{id}/team/exclusions", signedIn, s.exclusions},
		{"POST /cases/{id}/team/exclusions", signedIn, s.exclude},
		{"POST /cases/{id}/team/exclusions/{exclusion}/remove", signedIn, s.readmit},
		{"GET /cases/{id}/seconds", signedIn, s.seconds},
		{"POST /cases/{id}/seconds", signedIn, s.askSecond},
		{"POST /cases/{id}/seconds/withdraw", signedIn, s.withdrawSecond},
		{"POST /cases/{id}/seconds/answer", signedIn, s.answerSecond},
		{"POST /cases/{id}/export", signedIn, s.exportCase},
		{"GET /cases/{id}/glass", signedIn, s.glass},
		{"POST /cases/{id}/glass", signedIn, s.breakGlass},
		{"POST /cases/{id}/glass/end", signedIn, s.endGlass},
		{"POST /cases/{id}/glass/review", signedIn, s.reviewAtTable},
		{"GET /cases/{id}/records", signedIn, s.caseRecords},
		{"POST /cases/{id}/records", signedIn, s.filterCaseRecords},
		{"GET /cases/{id}/report", signedIn, s.reportForm},
		{"POST /cases/{id}/report", signedIn, s.makeReport},
		{"GET /reviews", signedIn, s.reviews},
		{"POST /reviews", signedIn, s.reviewOutside},
		{"POST /reviews/alarms", signedIn, s.answerAlarm},
		{"POST /reviews/months", signedIn, s.chooseMonth},
		{"GET /reviews/{month}", signedIn, s.month},
		{"POST /reviews/{month}", signedIn, s.signMonth},
		{"POST /reviews/{month}/pdf", signedIn, s.monthFile},
		{"GET /seconds", signedIn, s.secondsOutside},
		{"POST /seconds", signedIn, s.answerOutside},
		{"GET /organisation/team", signedIn, s.teamRules},
		{"POST /organisation/team", signedIn, s.setTeamRules},
		{"GET /organisation/alarms", signedIn, s.alarmLimits},
		{"POST /organisation/alarms", signedIn, s.setAlarmLimits},
		{"GET /organisation/retention", signedIn, s.retentionRules},
		{"POST /organisation/retention", signedIn, s.setRetentionRules},
		{"GET /retention", signedIn, s.retention},
		{"POST /retention/keep", signedIn, s.decideRetention("keep")},
		{"POST /retention/erase", signedIn, s.decideRetention("erase")},
		{"POST /retention/hold", signedIn, s.decideRetention("hold")},
		{"POST /retention/lift", signedIn, s.decideRetention("lift")},
		{"POST /retention/answer", signedIn, s.decideRetention("answer")},
		{"POST /retention/withdraw", signedIn, s.decideRetention("withdraw")},
		{"GET /retention/certificate/{certificate}", signedIn, s.certificate},
		{"GET /retention/certificate/{certificate}/file", signedIn, s.certificateFile},
		{"GET /cases/{id}/keeping", signedIn, s.keeping},
		{"POST /cases/{id}/keeping/answer", signedIn, s.answerKeepingAtTable},
		{"GET /confirmations", signedIn, s.confirmations},
		{"POST /confirmations", signedIn, s.answerProposal},
		{"GET /records", signedIn, s.records},
		{"POST /records", signedIn, s.filterRecords},
		{"GET /records/tail", signedIn, s.tail},
		{"GET /records/timeline", signedIn, s.timeline},
		{"GET /overview", signedIn, s.overview},
		{"POST /overview", signedIn, s.chooseOverview},
		{"GET /records/export", signedIn, s.logExport},
		{"POST /records/export", signedIn, s.exportLog},
		{"GET /hats", signedIn, s.hats},
		{"GET /cases/{id}/links", signedIn, s.links},
		{"POST /cases/{id}/links", signedIn, s.linkCase},
		{"POST /cases/{id}/links/{link}/remove", signedIn, s.unlinkCase},
		{"GET /start", signedIn, s.start},
		{"POST /hints", signedIn, s.hints},
		{"POST /practice", signedIn, s.practise},
		{"GET /me", signedIn, s.me},
		{"GET /me/accesses", signedIn, s.ownAccesses},
		{"POST /me/accesses", signedIn, s.filterAccesses},
		{"POST /me/contact", signedIn, s.setContact},
		{"POST /me/password", signedIn, s.changePassword},
		{"GET /organisation", signedIn, s.organisation},
		{"POST /organisation/invite", signedIn, s.inviteUser},
		{"POST /organisation/invite-again", signedIn, s.inviteUserAgain},
		{"POST /organisation/withdraw", signedIn, s.withdrawInvitation},
		{"POST /organisation/deactivate", signedIn, s.deactivateUser},
		{"GET /setup", anyone, s.setUpPage},
		{"POST /setup", anyone, s.openSetUp},
		{"POST /setup/make", anyone, s.setUp},
		{"GET /invitation", anyone, s.invitationPage},
		{"POST /invitation", anyone, s.openInvitation},
		{"POST /invitation/accept", anyone, s.acceptInvitation},
		{"GET /cases/{id}/access", signedIn, s.sight},
		{"POST /cases/{id}/access/lend", signedIn, s.lend},
		{"POST /cases/{id}/access/bar", signedIn, s.bar},
		{"POST /cases/{id}/access/given/{given}/end", signedIn, s.endGiven},
		{"GET /cases/{id}/why", signedIn, s.whyPage},
		{"POST /cases/{id}/why", signedIn, s.askWhy},
		{"GET /policy", signedIn, s.policy},
		{"GET /policy/new", signedIn, s.newPolicy},
		{"POST /policy/proposals", signedIn, s.proposePolicy},
		{"POST /policy/proposals/{id}/publish", signedIn, s.publishPolicy},
		{"POST /policy/proposals/{id}/withdraw", signedIn, s.withdrawPolicy},
		{"GET /sign-in", anyone, s.signInPage},
		{"POST /sign-in", anyone, s.signIn},
		{"POST /sign-out", anyone, s.signOut},
		{"POST /lock", anyone, s.lock},
		{"POST /unlock", anyone, s.unlock},
		{"POST /unlock/passkey", anyone, s.unlockByPasskey},
		{"GET /session", anyone, s.sessionState},
		{"GET /enter", anyone, s.enterPage},
		{"POST /enter", anyone, s.enter},
		{"POST /language", halfToo, s.setLanguage},
		{"GET /prove", halfToo, s.provePage},
		{"POST /prove/code", halfToo, s.proveByCode},
		{"POST /prove/passkey", halfToo, s.proveByPasskey},
		{"POST /passkey", anyone, s.askPasskey},
		{"POST /sign-in/passkey", anyone, s.signInByPasskey},
		{"GET /factors/app", halfToo, s.appPage},
		{"POST /factors/app", halfToo, s.addApp},
		{"POST /factors/passkey", halfToo, s.addPasskey},
		{"GET /resets", signedIn, s.resets},
		{"POST /resets/ask", signedIn, s.askReset},
		{"POST /resets/decide", signedIn, s.decideReset},
		{"POST /me/factors/remove", signedIn, s.removeFactor},
		{"POST /me/factors/codes", signedIn, s.renewCodes},
		{"POST /me/factors/keep", signedIn, s.keepFactors},
		{"POST /me/sessions/end", signedIn, s.endSession},
		{"GET /live", anyone, s.live},
		{"GET /assets/{file}", machine, s.asset},
		{"GET /icon.svg", machine, s.icon},
		{"POST /witness/checkpoint", machine, s.showWitness},
		{"POST /witness/cosignature", machine, s.cosign},
		{"GET /healthz", machine, s.healthy},
		{"GET /readyz", machine, s.ready},
		{"/", anyone, func(http.ResponseWriter, *http.Request) error { return casework.Absent() }},
	}
}

// serve finds out who asks and answers what the page could not.
func (s *site) serve(route route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if route.access != machine {
			r = r.WithContext(app.WithBrowser(r.Context(), identity.BrowserOf(r.UserAgent())))
			session, err := s.session(r)
			switch {
			case err == nil:
				r = r.WithContext(app.WithSession(r.Context(), session))
			case errors.Is(err, app.ErrLocked):
				r = r.WithContext(app.WithLocked(r.Context(), session))
				if route.access == signedIn || route.access == halfToo {
					if err := s.lockedInstead(w, r); err != nil {
						s.fail(w, r, err)
					}
					return
				}
			case errors.Is(err, app.ErrSecondFactor):
				r = r.WithContext(app.WithHalf(r.Context(), session))
				if route.access == signedIn {
					http.Redirect(w, r, "/prove", http.StatusSeeOther)
					return
				}
			case !errors.Is(err, app.ErrSignedOut):
				s.fail(w, r, err)
				return
			case route.access == signedIn || route.access == halfToo:
				http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
				return
			}
		}
		if err := route.serve(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}
