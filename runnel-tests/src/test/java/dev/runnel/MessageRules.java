package dev.runnel;

import dev.runnel.Messages.Message;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules that every message keeps: the words of the field, one word for one thing, plain sentences. */
final class MessageRules {
    static final List<Rule> ALL = List.of(
            // One word for one thing.
            rule("\\b(baseline|images?|full copy)\\b", "snapshot", "an image of the database"),
            rule("\\bmerg(e|es|ed|ing)\\b", "compact, compacted; or: combine", "files that are merged"),
            rule("\\bparked\\b", "detached", "the database is parked"),
            rule("\\bdirector(y|ies)\\b", "folder", "the directory is missing"),
            rule("(?<!in |into |in its )\\bplaces?\\b", "location, position", "another place for the replica"),
            rule("(?i)\\btransaction id\\b", "TXID", "the transaction ID"),
            rule(
                    "\\b(not answer|replica answers)\\b(?! the request)",
                    "responds, is unreachable",
                    "a replica does not answer"),
            rule("\\b(looks|looking at|a look)\\b", "polls, lists, reads", "Runnel looks once a second"),
            rule("\\bin another way\\b", "uploaded again", "the pages are sent in another way"),
            rule("(?i)nothing (needs )?to (be done|do\\b)", "No action needed.", "repaired; nothing needs to be done."),
            rule("(?i)\\bin trouble\\b", "degraded, failing", "a replica in trouble"),
            // The actor and the noun.
            rule("(?i)\\b(somebody|someone|nobody|everybody)\\b", "the process, the user", "somebody else writes"),
            rule("\\b(is|are) told\\b", "is detected, is notified", "the listeners are told"),
            rule("(?<!there )\\bis no (?!longer)", "is not a", "x is no URL"),
            // Plain English.
            rule("\\bgo(es)? on\\b", "continues", "history goes on above it"),
            rule("\\banew\\b", "again", "the file is written anew"),
            rule("\\blet go\\b", "released", "the lock is let go"),
            rule("\\b(if|than it) need be\\b", "if necessary", "it is created if need be"),
            rule("\\bmended\\b", "fixed", "once that is mended"),
            rule("\\b(a moment|moments)\\b", "a duration", "for a moment"),
            rule("\\b(nor did|whatever happens)\\b", "a plain sentence", "whatever happens"),
            rule("\\b(is|are|was) whole\\b", "complete, intact", "the file is whole"),
            rule("\\b(is|are) not to be had\\b", "is not available", "pages are not to be had"),
            rule("\\b(may|can) take back\\b", "may lose", "a power cut may take back files"),
            rule("n't\\b|\\b(it|that)'s\\b", "the full words", "it can't be read"),
            // Form.
            rule("\\bnull\\b", "what is missing", "the reason is null"),
            rule("\\w!( |$)", "a full stop", "done! Now restore"),
            rule("^(?!.*\n)(?!.*%).*\\S {2}(?! ).", "one space", "one  space too many"),
            rule("[.;!?] $", "no space at the end", "ends with a space. "),
            rule(
                    "^[Ee]rror\\b",
                    "what happened; the program prints the word",
                    "Error: no replica",
                    Set.of("DoctorResults", "Program", "RestoreAll", "VerifyResults")),
            rule(
                    "^(Add|Check|Create|Give|Look|Mount|Name|Raise|Remove|Restart|Restore|Run|Set|Start|Stop|Use) .*[^.:{}]$",
                    "a full stop at the end of an instruction",
                    "Check the path"));

    private MessageRules() {}

    /** What may not stand in a message, what to write, a message that breaks the rule, and classes that may. */
    record Rule(Pattern wrong, String instead, String example, Set<String> allowedIn) {
        boolean isBrokenBy(Message message) {
            String owner = message.owner().substring(message.owner().lastIndexOf('.') + 1);
            return wrong.matcher(message.text()).find() && !allowedIn.contains(owner);
        }
    }

    /** Each message that breaks a rule, with what to write instead. */
    static List<String> broken(Collection<Message> messages) {
        return messages.stream()
                .flatMap(message -> broken(message).map(rule -> message + "\n    write: " + rule.instead()))
                .toList();
    }

    private static Stream<Rule> broken(Message message) {
        return ALL.stream().filter(rule -> rule.isBrokenBy(message));
    }

    private static Rule rule(String wrong, String instead, String example) {
        return rule(wrong, instead, example, Set.of());
    }

    private static Rule rule(String wrong, String instead, String example, Set<String> allowedIn) {
        return new Rule(Pattern.compile(wrong), instead, example, allowedIn);
    }
}
