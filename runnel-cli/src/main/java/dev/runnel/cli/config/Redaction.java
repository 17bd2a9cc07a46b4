package dev.runnel.cli.config;

import dev.runnel.location.LocationTypes;
import dev.runnel.location.Option;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes out of messages what may be secret: they quote what stands in a file or on a command line. Of a URL, of whatever
 * store, the user, the password and the values of its parameters go, but for those that are known to be no secret.
 */
public final class Redaction {
    private static final String HIDDEN = "***";
    private static final Pattern USER_INFO = Pattern.compile("(\\w+://)[^/\\s\"?]*@");
    private static final Pattern PARAMETERS = Pattern.compile("(\\w+://[^\\s\"?]*\\?)([^\\s\";,]*)");

    /** A key and a value that YAML did not take for such, for want of a space, and that is called a secret. */
    private static final Pattern SECRET = Pattern.compile(
            "((?i)(?<![?&\\w-])[\\w-]*(?:secret|passw|token|jwt|creds|nkey|key)[\\w-]*\\s*[:=]\\s*)[^\\s\"]+");

    private Redaction() {}

    /** The message without user names, passwords and parameters of URLs, and without values that are called secret. */
    public static String of(String message) {
        String anonymous = USER_INFO.matcher(message).replaceAll("$1" + HIDDEN + "@");
        Matcher parameters = PARAMETERS.matcher(anonymous);
        return SECRET.matcher(parameters.replaceAll(Redaction::hideParameters)).replaceAll("$1" + HIDDEN);
    }

    private static String hideParameters(MatchResult url) {
        String shown = Arrays.stream(url.group(2).split("&", -1))
                .map(Redaction::hideParameter)
                .collect(Collectors.joining("&"));
        return Matcher.quoteReplacement(url.group(1) + shown);
    }

    private static String hideParameter(String parameter) {
        int equals = parameter.indexOf('=');
        if (equals < 0) {
            return parameter.isEmpty() ? "" : HIDDEN;
        }
        String name = parameter.substring(0, equals);
        return isHarmless(name) ? parameter : name + "=" + HIDDEN;
    }

    /** A parameter of some type of location, and a secret of none. */
    private static boolean isHarmless(String parameter) {
        List<Option> options = LocationTypes.installed().all().stream()
                .flatMap(type -> type.options().stream())
                .filter(option -> option.isParameter(parameter))
                .toList();
        return !options.isEmpty() && options.stream().noneMatch(option -> option.form() == Option.Form.SECRET);
    }
}
