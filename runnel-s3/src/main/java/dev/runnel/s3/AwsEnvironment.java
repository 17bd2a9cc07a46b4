package dev.runnel.s3;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * Where the S3 service is, as the environment says it to Amazon's own tools. It must be known before the first request: a
 * service at another endpoint is not Amazon's, and is addressed and trusted differently.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html">Service-specific endpoints</a>
 */
record AwsEnvironment(Map<String, String> variables) {
    private static final String SERVICE = "s3";

    /** The endpoint; empty for Amazon's. */
    Optional<String> endpoint() {
        if ("true".equalsIgnoreCase(variables.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))) {
            return Optional.empty();
        }
        return variable("AWS_ENDPOINT_URL_S3")
                .or(() -> variable("AWS_ENDPOINT_URL"))
                .or(this::ofProfile);
    }

    private Optional<String> ofProfile() {
        Path file = variable("AWS_CONFIG_FILE")
                .map(Path::of)
                .orElseGet(() -> Path.of(variable("HOME").orElse("/"), ".aws", "config"));
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        ProfileFile profiles = ProfileFile.builder()
                .content(file)
                .type(ProfileFile.Type.CONFIGURATION)
                .build();
        Optional<Profile> profile = profiles.profile(variable("AWS_PROFILE").orElse("default"));
        if (profile.flatMap(found -> found.property("ignore_configured_endpoint_urls"))
                .filter("true"::equalsIgnoreCase)
                .isPresent()) {
            return Optional.empty();
        }
        return profile.flatMap(found -> found.property("services"))
                .flatMap(name -> profiles.getSection("services", name))
                .flatMap(services -> services.property(SERVICE + ".endpoint_url"))
                .or(() -> profile.flatMap(found -> found.property("endpoint_url")));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }
}
