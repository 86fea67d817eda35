package objects

import (
	"io"
)

// Save copies all objects of some buckets and answers how to return to them, any number of times.
func (s *Store) Save(buckets ...string) (restore func() error, err error) {
	type object struct{ body []byte }
	saved := map[string]map[string]object{}
	for _, bucket := range buckets {
		saved[bucket] = map[string]object{}
		keys, err := s.Keys(bucket, "")
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			o, err := s.backend.GetObject(bucket, k, nil)
			if err != nil {
				return nil, err
			}
			body, err := io.ReadAll(o.Contents)
			o.Contents.Close()
			if err != nil {
				return nil, err
			}
			saved[bucket][k] = object{body}
		}
	}
	return func() error {
		for _, bucket := range buckets {
			keys, err := s.Keys(bucket, "")
			if err != nil {
				return err
			}
			there := map[string]bool{}
			for _, k := range keys {
				if _, ok := saved[bucket][k]; ok {
					there[k] = true // files of tables are never written over
					continue
				}
				if err := s.Delete(bucket, k); err != nil {
					return err
				}
			}
			for k, o := range saved[bucket] {
				if !there[k] {
					if err := s.Put(bucket, k, o.body); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}, nil
}
