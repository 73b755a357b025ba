package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// miscounted finds a day of which overviews count other lines than stand on the log with
// their leaves; nil when there is none. It counts all of them anew, month by month.
func miscounted(ctx context.Context, q sqlx.QueryerContext) (*time.Time, error) {
	const key = `month, ` + countedBy
	differs := `SELECT day FROM (
			SELECT ` + key + `, ` + hours(`h%d`, `, `, everyHour) + ` FROM record_count WHERE month = $1
			UNION ALL (SELECT ` + key + `, ` + hours(`-(hour = %d)::int`, `, `, everyHour) + ` FROM counted_record r
				WHERE at >= $1::timestamp AT TIME ZONE 'UTC' AND at < ($1::date + interval '1 month') AT TIME ZONE 'UTC'
				AND NOT EXISTS (SELECT FROM record_waiting w WHERE w.at = r.at AND w.record = r.id) OFFSET 0)) both_ways
		GROUP BY ` + key + ` HAVING ` + hours(`sum(h%d) <> 0`, ` OR `, everyHour) + ` ORDER BY day LIMIT 1`
	var months, days []time.Time
	err := sqlx.SelectContext(ctx, q, &months, `SELECT date_trunc('month', at AT TIME ZONE 'UTC')::date FROM record WHERE isfinite(at)
		UNION SELECT month FROM record_count WHERE isfinite(month) ORDER BY 1`)
	if err != nil {
		return nil, plain(err)
	}
	for _, month := range months {
		if err := sqlx.SelectContext(ctx, q, &days, differs, month.Format(time.DateOnly)); err != nil {
			return nil, plain(err)
		}
		if len(days) > 0 {
			return &days[0], nil
		}
	}
	return nil, nil
}
