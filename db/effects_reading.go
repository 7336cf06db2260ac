package db

import (
	"context"
	"slices"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// How much a reading takes in, which is done under the organization's lock.
const (
	mostClasses   = 5_000
	mostPairs     = 5_000_000 // classes times kinds
	mostHeld      = 1_000_000 // facts that kinds hold on classes and on what contains them
	mostQuestions = 20_000
)

// A reading is what people may do at one moment, before a change or after it. People who hold the same are one kind, and
// resources on which the same was given are one class, so what holds for one of each holds for all. Most people hold nothing
// of their own on most resources: what they may do there follows from their standing in the organization.
type reading struct {
	kinds     map[string]int           // by what people hold; 0 for those who are not known at this moment
	people    []access.ID              // by kind, one of each
	standing  []int                    // by kind
	standings [][]int                  // the kinds that hold the same on the organization, which contains everything
	kindsIn   map[access.ID][]int      // by group or other organization, and by one of each kind
	held      map[access.ID][]heldFact // by place
	classOf   []int                    // by resource of the scope; -1 when it was too much
	classes   []class
	holdings  map[holdings]int
	asked     map[reason]int
	questions sqlc.ListAnswersParams
	answers   []access.Rights
	facts     int // that kinds hold on classes and on what contains them
}

// A heldFact is something that a person, a group or another organization holds on one place.
type heldFact = sqlc.ListHeldFactsRow

// A reason is what an answer follows from: what is open to all members on a resource of some kind and what contains it,
// somebody's standing, and what else they hold there.
type reason struct {
	open              string
	standing, holding int
}

// holdings are what somebody holds on a resource and what contains it: a fact, and those before it.
type holdings struct {
	before int
	fact   string
	here   bool
}

// A class is resources that are alike, with the questions whose answers tell what people may do on them.
type class struct {
	usual []int   // by standing, for those who hold nothing else there; -1 when there is nobody
	own   []owned // for the others
}

type owned struct{ kind, question int }

// read asks what people may do, before the change or after it.
func (t *trial) read(ctx context.Context, after bool) (*reading, error) {
	classes, err := t.q.ListAlikeResources(ctx, sqlc.ListAlikeResourcesParams{OrgID: t.org.ID, Resources: t.ids(), People: t.scope.people})
	if err != nil {
		return nil, err
	}
	r := &reading{kinds: map[string]int{}, kindsIn: map[access.ID][]int{}, held: map[access.ID][]heldFact{},
		classOf: slices.Repeat([]int{-1}, len(t.scope.resources)), holdings: map[holdings]int{}, asked: map[reason]int{}}
	classes = classes[:min(mostClasses, len(classes))]
	if err := t.meet(ctx, r, examples(classes), after); err != nil {
		return nil, err
	}
	classes = classes[:min(mostPairs/len(r.people), len(classes))]
	if err := t.learn(ctx, r, examples(classes)); err != nil {
		return nil, err
	}
	for i, alike := range classes {
		if !r.add(alike) {
			break
		}
		for _, number := range alike.Numbers {
			r.classOf[number-1] = i
		}
	}
	answers, err := t.q.ListAnswers(ctx, r.questions)
	r.answers = make([]access.Rights, len(answers))
	for _, answer := range answers {
		r.answers[answer.Number-1] = access.Rights(answer.Rights)
	}
	return r, err
}

func (t *trial) ids() []access.ID {
	ids := make([]access.ID, len(t.scope.resources))
	for i, resource := range t.scope.resources {
		ids[i] = resource.ID
	}
	return ids
}

func examples(classes []sqlc.ListAlikeResourcesRow) []access.ID {
	ids := make([]access.ID, len(classes))
	for i, alike := range classes {
		ids[i] = alike.ID
	}
	return ids
}

// meet finds the kinds of people, by what they hold on one resource of each class and on what contains it.
func (t *trial) meet(ctx context.Context, r *reading, places []access.ID, after bool) error {
	err := t.note(ctx, append(places, t.scope.beside...), after)
	if err != nil {
		return err
	}
	rows, err := t.q.ListKinds(ctx, sqlc.ListKindsParams{Preview: t.id, After: after})
	r.people = make([]access.ID, 1, len(rows)+1)
	for _, row := range rows {
		r.kinds[row.Holds], r.kindsIn[row.UserID] = len(r.people), []int{len(r.people)}
		r.people = append(r.people, row.UserID)
	}
	return err
}

func (t *trial) note(ctx context.Context, places []access.ID, after bool) error {
	if after {
		return t.q.NotePeopleAfter(ctx, sqlc.NotePeopleAfterParams{Preview: t.id, OrgID: t.org.ID, Resources: places, People: t.scope.people})
	}
	return t.q.NotePeopleBefore(ctx, sqlc.NotePeopleBeforeParams{Preview: t.id, OrgID: t.org.ID, Resources: places, People: t.scope.people})
}

// learn finds what each kind holds.
func (t *trial) learn(ctx context.Context, r *reading, places []access.ID) error {
	facts, err := t.q.ListHeldFacts(ctx, sqlc.ListHeldFactsParams{OrgID: t.org.ID, Resources: places, People: r.people[1:]})
	for _, one := range facts {
		if one.Fact == "in" {
			r.kindsIn[one.PlaceID] = append(r.kindsIn[one.PlaceID], r.kindsIn[one.HolderID]...)
		} else {
			r.held[one.PlaceID] = append(r.held[one.PlaceID], one)
		}
	}
	r.rank(t.org.ID)
	return err
}

// rank puts the kinds of the same standing together: those who hold the same on the organization.
func (r *reading) rank(org access.ID) {
	words := make([]string, len(r.people))
	r.holders(org, func(kind int, fact string) { words[kind] += fact + ", " })
	delete(r.held, org)
	numbers := map[string]int{}
	r.standing = make([]int, len(words))
	for kind := 1; kind < len(words); kind++ {
		number, known := numbers[words[kind]]
		if !known {
			number = len(r.standings)
			numbers[words[kind]], r.standings = number, append(r.standings, nil)
		}
		r.standing[kind], r.standings[number] = number, append(r.standings[number], kind)
	}
}

// holders goes through the kinds that hold something on a place.
func (r *reading) holders(place access.ID, each func(kind int, fact string)) {
	for _, one := range r.held[place] {
		for _, kind := range r.kindsIn[one.HolderID] {
			each(kind, one.Fact)
		}
	}
}

// add takes a class in with its questions, unless that makes too many.
func (r *reading) add(alike sqlc.ListAlikeResourcesRow) bool {
	for _, place := range alike.Path {
		r.holders(place, func(int, string) { r.facts++ })
	}
	if r.facts > mostHeld || len(r.questions.Users) > mostQuestions {
		return false
	}
	holding, some := make([]int, len(r.people)), []int{}
	for _, place := range alike.Path {
		r.holders(place, func(kind int, fact string) {
			if holding[kind] == 0 {
				some = append(some, kind)
			}
			holding[kind] = r.with(holding[kind], fact, place == alike.ID)
		})
	}
	made := class{own: make([]owned, len(some))}
	for i, kind := range some {
		made.own[i] = owned{kind, r.question(reason{alike.Open, r.standing[kind], holding[kind]}, r.people[kind], alike.ID)}
	}
	for number, stands := range r.standings {
		question := -1
		if i := slices.IndexFunc(stands, func(kind int) bool { return holding[kind] == 0 }); i >= 0 {
			question = r.question(reason{alike.Open, number, 0}, r.people[stands[i]], alike.ID)
		}
		made.usual = append(made.usual, question)
	}
	r.classes = append(r.classes, made)
	return true
}

// with numbers what somebody holds who holds another thing besides.
func (r *reading) with(holding int, fact string, here bool) int {
	more := holdings{holding, fact, here}
	number, known := r.holdings[more]
	if !known {
		number = len(r.holdings) + 1
		r.holdings[more] = number
	}
	return number
}

// question is the number of the question what somebody may do on a resource, which is asked once for each reason.
func (r *reading) question(about reason, person, resource access.ID) int {
	number, known := r.asked[about]
	if !known {
		number = len(r.questions.Users)
		r.asked[about] = number
		r.questions.Users, r.questions.Resources = append(r.questions.Users, person), append(r.questions.Resources, resource)
	}
	return number
}

// rights writes what each kind of people may do on the resources of a class.
func (r *reading) rights(class int, by []access.Rights) []access.Rights {
	by = append(by[:0], 0) // of kind 0
	for _, standing := range r.standing[1:] {
		if question := r.classes[class].usual[standing]; question >= 0 {
			by = append(by, r.answers[question])
		} else {
			by = append(by, 0)
		}
	}
	for _, one := range r.classes[class].own {
		by[one.kind] = r.answers[one.question]
	}
	return by
}
