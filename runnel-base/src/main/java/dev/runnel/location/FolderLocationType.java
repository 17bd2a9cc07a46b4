package dev.runnel.location;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Folders of this machine. A plain path means one, too. */
public final class FolderLocationType implements LocationType {
    /** Its name; a replica of which only the path is given has it. */
    public static final String NAME = "file";

    private static final List<Option> OPTIONS = List.of(Option.of(Option.PATH, Option.Form.FILE)
            .inAddress()
            .documented("", "a folder; it is created if necessary"));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "a folder";
    }

    @Override
    public String urlForm() {
        return "file:///absolute/path";
    }

    @Override
    public List<Option> options() {
        return OPTIONS;
    }

    /** Everything after the slashes is the path, as it is written. */
    @Override
    public Map<String, String> parse(String url) {
        if (url.indexOf('?') >= 0 || url.indexOf('#') >= 0) {
            throw new IllegalArgumentException("a file:// URL takes no parameters; give a folder with ? or # in its"
                    + " name as a path, without file://");
        }
        return Map.of(Option.PATH, LocationUrl.of(url).address());
    }

    @Override
    public Location locate(Map<String, String> values, Map<String, String> environment) {
        String path = values.getOrDefault(Option.PATH, "");
        if (path.isEmpty()) {
            throw new IllegalArgumentException("a replica needs \"path\" or \"url\"");
        }
        return new FolderLocation(Path.of(path));
    }
}
