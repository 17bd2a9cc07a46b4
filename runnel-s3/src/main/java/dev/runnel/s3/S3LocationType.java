package dev.runnel.s3;

import dev.runnel.location.Location;
import dev.runnel.location.LocationType;
import dev.runnel.location.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Amazon S3, and everything that speaks it. */
public final class S3LocationType implements LocationType {
    static final String NAME = "s3";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "a path in a bucket";
    }

    @Override
    public String urlForm() {
        return "s3://BUCKET/PATH";
    }

    @Override
    public List<Option> options() {
        return S3Option.ALL;
    }

    @Override
    public Map<String, String> parse(String url) {
        return S3Settings.optionsOf(url).entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().key(), Map.Entry::getValue));
    }

    @Override
    public Location locate(Map<String, String> values, Map<String, String> environment) {
        Map<S3Option, String> options = S3Option.byOption(values);
        readKeyFile(options);
        return new S3Location(S3Settings.of(options, environment));
    }

    @Override
    public List<String> libraryLoggers() {
        return List.of("software.amazon.awssdk", "org.apache.hc");
    }

    /** Replaces the path of a file with the customer's key by the key in it. */
    private static void readKeyFile(Map<S3Option, String> options) {
        String path = options.getOrDefault(S3Option.SSE_CUSTOMER_KEY_PATH, "");
        options.remove(S3Option.SSE_CUSTOMER_KEY_PATH);
        if (path.isEmpty()) {
            return;
        }
        try {
            options.put(
                    S3Option.SSE_CUSTOMER_KEY, Files.readString(Path.of(path)).strip());
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read sse-customer-key-path \"" + path + "\"", e);
        }
    }
}
