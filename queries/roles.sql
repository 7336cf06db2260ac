-- name: WriteRole :exec
INSERT INTO roles (id, kind, name, here, below, below_modules, added_at_full_reach)
VALUES (@id, @kind, @name, @here, @below, @below_modules, @added_at_full_reach)
ON CONFLICT (id) DO UPDATE SET here = EXCLUDED.here, below = EXCLUDED.below,
       below_modules = EXCLUDED.below_modules, added_at_full_reach = EXCLUDED.added_at_full_reach
WHERE (roles.here, roles.below, roles.below_modules, roles.added_at_full_reach)
      IS DISTINCT FROM (EXCLUDED.here, EXCLUDED.below, EXCLUDED.below_modules, EXCLUDED.added_at_full_reach);
