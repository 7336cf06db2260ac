-- A rights template goes with its project, and is given on that project only.

-- +goose Up
ALTER TABLE roles ADD FOREIGN KEY (org_id, project_id) REFERENCES resources (org_id, id) ON DELETE CASCADE;

-- Behind the program, which looks a template up in its own project: a grant can name no other project's.
-- +goose StatementBegin
CREATE FUNCTION template_is_of_its_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM roles r WHERE r.id = NEW.role_id AND r.project_id <> NEW.resource_id) THEN
        RAISE EXCEPTION 'a grant on % names a rights template of another project', NEW.resource_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER template_is_of_its_project BEFORE INSERT OR UPDATE OF role_id, resource_id ON grants
    FOR EACH ROW WHEN (NEW.role_id NOT LIKE '%/%') EXECUTE FUNCTION template_is_of_its_project();
