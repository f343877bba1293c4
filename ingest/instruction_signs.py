"""What text that speaks to a language model looks like, in Swedish and English: the list, and nothing else.

Ordinary documents tell people what to do all the time, so a pattern asks for more than an imperative: for words about
instructions, roles, the model itself, or the marks of a conversation's format.
"""

from __future__ import annotations

_DROPPING = (
    "ignorera|bortse|glöm|strunta|åsidosätt|sluta följa|följ inte|ignore|disregard|forget|override|bypass|follow"
)
_MODELS = "ai|llm|model|bot"
_NEAR = r"[^.!?\n]{0,60}?"
DROP = (
    r"(?:ignorera|bortse|glöm|strunta|åsidosätt|sluta följa|följ inte|"
    r"ignore|disregard|forget|override|bypass|do not follow|don't follow|stop following)"
)
_EARLIER = (
    r"(?:tidigare|föregående|ovanstående|alla dina|dina?|alla|"
    r"previous\w*|prior|preceding|above|earlier|your|all|initial|original)"
)
_RULES = (
    r"(?:instruktion\w*|anvisning\w*|regl\w+|direktiv\w*|riktlinj\w*|(?:system)?prompt\w*|uppmaning\w*|order|begränsning\w*|sammanhang\w*|"
    r"instructions?|rules?|directives?|guidelines?|guidance|restrictions?|context)\b"
)
_MODEL = (
    r"(?:ai(?::n)?|ai[- ](?:assistent|modell|agent|bot|assistant|model)\w*|språkmodell\w*|chatt?bot\w*|"
    r"llm\w*|language models?)\b"
)
_THE_MODEL = (
    r"(?:ai|ai:n|llm|ai[- ](?:assistenten|modellen|modeller|agenten|boten|assistants?|models?|agents?)|"
    r"språkmodell(?:en|er)?|"
    r"chatt?bot(?:en)?|language models?)"
)
_ROLE = rf"(?:{_MODEL}|assistent\w*|assistant\w*|modell|model|bott?en|agent)"
_SOURCES = r"(?:källor|dokument|texter|utdrag|sources|documents|texts|passages)"
_READER = r"(?:användar(?:en|na)|frågeställaren|the users?|the human|the person asking)\b"
_ANSWER = r"(?:svara|säg|påstå|hävda|answer|respond|reply|say)"
_QUOTED = r"[\"”“'«]"
_THESE = r"(?:denna|den här|dessa|de här) (?:instruktion\w*|text\w*|uppmaning\w*|meddelande\w*|rad\w*)"

SIGNS: tuple[tuple[str, str], ...] = (
    # That what was said before no longer holds.
    (_DROPPING, rf"\b{DROP}\b(?:\W+\w+){{0,4}}?\W+{_EARLIER}(?:\W+\w+){{0,2}}?\W+{_RULES}"),
    (
        _DROPPING,
        rf"\b{DROP}\b{_NEAR}\b{_RULES}{_NEAR}\b(?:du (?:har fått|fick|gavs)|som (?:gavs|getts)|ovan|"
        rf"you (?:have been|were) given|you received|above)\b",
    ),
    (
        _DROPPING,
        rf"\b{DROP}\b{_NEAR}\b(?:allt|everything|all)\b{_NEAR}\b(?:ovan|före detta|above|before this|"
        rf"been told|you were told|fått veta)",
    ),
    (
        _DROPPING,
        rf"\b{DROP} (?:allt annat|everything else|anything else|(?:what(?:ever)?|everything|"
        rf"anything)(?: that)? (?:came|was said|was written|you))\b",
    ),
    (_DROPPING, rf"\b{DROP}\b{_NEAR}\b(?:övriga|andra|other) {_SOURCES}\b"),
    (
        _DROPPING,
        rf"\b{DROP}\b{_NEAR}\b(?:utvecklar(?:en|na)|the developers?|your creators?)\b{_NEAR}\b(?:skrivit|sagt|"
        rf"bestämt|wrote|said|told)\b",
    ),
    ("override", r"\b(?:system|admin\w*|developer|safety) override\b"),
    (
        "instructions:|instruction:|prompt:|for you|instructions :",
        r"\b(?:new|updated|real|actual) (?:system )?(?:instructions?|prompt)(?: for you)?\s*:",
    ),
    (
        "instruktioner |order",
        r"\bnya (?:system)?instruktioner (?:till|för) dig\b|\bdina (?:nya|egentliga|"
        r"riktiga) (?:instruktioner|order)\b",
    ),
    ("your", r"\byour (?:new|real|true|only) (?:task|instructions?|role|goal|purpose|job)\b"),
    # Who the model is, or is supposed to be.
    (
        "du är nu|nu är du|now",
        rf"\b(?:du är nu|från och med nu är du|from now on,? you are|you are now|you're now)\b{_NEAR}\b{_ROLE}",
    ),
    (
        "you",
        r"\b(?:you are now|you're now)\b[^.!?\n]{0,40}\b(?:dan|unrestricted|free from|jailbr\w+|no longer|"
        r"in \w+ mode)\b",
    ),
    (
        "you",
        r"\b(?:from (?:now|here) on|from this (?:moment|point)(?: on)?),? you\b[^.!?\n]{0,20}\b(?:speak|"
        r"answer|respond|ignore|act|obey|refuse|follow)\b",
    ),
    ("you", r"\byou are no longer (?:bound|restricted|limited|subject)\b"),
    ("inte längre|no longer", rf"\b(?:du är inte längre|you are no longer)\b{_NEAR}\b{_ROLE}"),
    ("från och med nu", r"\bfrån och med nu (?:svarar|talar|agerar|beter) du\b[^.!?\n]{0,10}\bsom\b"),
    (
        "you",
        r"\byou (?:must|will|shall) now (?:act|behave|respond|speak|ignore|obey)\b|"
        r"\byou are (?:now )?in (?:developer|debug|god|admin|dan) mode\b",
    ),
    (
        "du är |hädanefter|du ska nu|du måste nu",
        r"\bdu är (?:nu )?i (?:utvecklar|felsöknings|admin\w*)läge\b|\bdu (?:ska|måste) (?:nu|"
        r"hädanefter) (?:tala|svara|bete dig|skriva) som\b",
    ),
    (
        "låtsas|rollen|agera som|uppträd som|act as|role|behave as|pretend",
        rf"\b(?:låtsas|spela rollen|agera som|uppträd som|pretend|act as|role-?play|"
        rf"behave as)\b{_NEAR}\b{_ROLE}",
    ),
    (
        "you",
        rf"\b(?:if|since|because) you(?: are|'re) an? {_MODEL}|\bas an? {_MODEL}(?: \w+)?,? you (?:must|"
        rf"should|will|shall)\b",
    ),
    (
        "om du|du som|som en |måste du|ska du|får du",
        rf"\b(?:om|eftersom) du är en {_MODEL}|\bdu som (?:är )?(?:en )?{_MODEL}|"
        rf"\bsom (?:en )?{_MODEL} (?:måste|ska|får) du\b",
    ),
    (
        "reading|processing|summari|that read",
        rf"\b(?:any|all|every|dear)\b,? {_MODEL}[^.!?\n]{{0,40}}\b(?:reading|processing|summari\w+|"
        rf"that reads?) (?:this|these)",
    ),
    (
        "som läser|som bearbetar|som sammanfattar|som tolkar|som behandlar",
        rf"\b{_MODEL} som (?:läser|bearbetar|sammanfattar|tolkar|behandlar) (?:det här|detta|den här|denna)\b",
    ),
    (
        "läser det|reading this",
        rf"\b(?:läser (?:detta|det här)|reading this)\b[^.!?\n]{{0,20}}\b(?:är|is|are) (?:en |an? )?{_MODEL}",
    ),
    (_MODELS, rf"^\W*(?:\w+ ){{0,3}}(?:till|to) (?:the |alla |all |any |dig som )?{_THE_MODEL}\s*[:!]"),
    (
        "instruktion|direktiv|meddelande|order|instruction|message|note",
        rf"^\W*(?:\w+ )?(?:instruktion|direktiv|meddelande|order|instruction|message|note|"
        rf"directive)\w* (?:till|för|to|for) (?:the |any |all )?(?:{_THE_MODEL}|modellen|assistenten|model|"
        rf"assistant)\s*[:!]",
    ),
    (
        _MODELS,
        rf"^\W*(?:obs|notis|viktigt|note|attention|important|hej|hallå|hello|hi|hey|dear|"
        rf"kära),? {_THE_MODEL}\s*[!:,]",
    ),
    (_MODELS, rf"^\W*{_THE_MODEL}, (?:läs|du|svara|ignorera|gör|read|you|please|ignore)\b"),
    (_MODELS, rf"^\W*{_THE_MODEL} (?:instructions?|instruktion\w*)\s*:"),
    ("prompt", r"\b(?:din systemprompt|your system prompt)\b"),
    (
        "svara med|respond with|answer with|reply with",
        rf"\b(?:always|only|alltid|endast) (?:respond|answer|reply|svara) (?:with|med) {_QUOTED}",
    ),
    (_DROPPING, rf"\b{DROP}\b{_NEAR}\b(?:innehållet|texten|contents?|text) (?:ovan|above)\b"),
    # What the reader must not learn, and what the answer must be.
    (
        "användar|frågeställ",
        rf"\b(?:berätta|säg|nämn|avslöja|upplys|tala)\s+(?:det |detta |om detta )?(?:inte|aldrig|"
        rf"ej)\b{_NEAR}\b{_READER}",
    ),
    (
        "användar|frågeställ",
        rf"\b(?:dölj|undanhåll)\w* (?:det |detta )?för {_READER} (?:att|var|hur|vem|vad)|\b{_READER} (?:får|"
        rf"ska) (?:inte|aldrig) (?:få )?veta\b",
    ),
    (
        "användar|frågeställ",
        rf"\butan att\b[^.!?\n]{{0,30}}\b(?:nämna|berätta|tala om|informera|avslöja|"
        rf"upplysa)\b{_NEAR}\b{_READER}",
    ),
    (
        "denna |den här|dessa |de här",
        rf"\b(?:nämn|avslöja|visa|berätta|citera|återge)\w*\s+(?:inte|aldrig)\b[^.!?\n]{{0,30}}\b{_THESE}",
    ),
    (
        "do not|don't|never|without",
        rf"\b(?:do not|don't|never|without)\s+(?:ever )?(?:tell|inform|mention|reveal|disclos|alert|"
        rf"notif)\w*\b{_NEAR}\b(?:{_READER}|(?:these|this|your) (?:instructions?|message)\b)",
    ),
    ("the user", r"\b(?:tell|convince|assure) the user that\b|\bthe user (?:must|should) (?:not|never) know\b"),
    (
        "svara alltid|svara endast|svara bara|svara enbart|svara istället",
        rf"\bsvara\s+(?:alltid|endast|bara|enbart|istället)\s+(?:att (?!du\b|jag\b|ni\b|vi\b)|med (?:orde[tn]|"
        rf"texten|meningen|frasen|exakt|{_QUOTED})|{_QUOTED})",
    ),
    (
        "answer|respond|reply",
        rf"\b(?:answer|respond|reply)\s+(?:only|always|exactly|just|instead)\s+(?:that\b|with (?:the (?:word|"
        rf"text|phrase|sentence|following)|{_QUOTED})|{_QUOTED})",
    ),
    (
        "frågar|undrar|en fråga",
        rf"\b(?:om|när|ifall) (?:{_READER}|någon|användare)\s+(?:frågar|ställer en fråga|"
        rf"undrar)\b{_NEAR}\b{_ANSWER} (?:alltid|endast|bara|att (?:allt|det är|inga|inget|ingen))",
    ),
    (
        "ask",
        rf"\b(?:if|when|whenever) (?:the user|a user|users|someone) asks?\b{_NEAR}\b{_ANSWER}\s+(?:only|"
        rf"always|that|exactly|{_QUOTED})",
    ),
    (
        "ditt |alla dina|varje |your |every ",
        rf"\b(?:ditt|your|alla dina|varje|every)\s+(?:nästa |next )?(?:svar|answers?|response|reply)\s+(?:ska|"
        rf"måste|must|should|shall)\s+(?:alltid |always )?(?:börja|innehålla|avslutas|lyda|begin|start|"
        rf"contain|include|end)\b[^.!?\n]{{0,40}}{_QUOTED}",
    ),
    (
        "dina svar|varje svar|answers|responses|replies",
        r"\b(?:lägg till|infoga|inkludera|add|include|append|insert)\b.{0,80}\b(?:alla dina|varje|all your|"
        r"each of your|every one of your) (?:svar|answers|responses|replies)\b",
    ),
    (
        "här källan|här dokumentet|denna källa|detta dokument|this source|this document",
        r"\b(?:citera|rekommendera|prioritera|lyft fram|cite|recommend|rank|prefer)\w* (?:alltid |"
        r"always )?(?:den här källan|det här dokumentet|denna källa|detta dokument|this (?:source|"
        r"document))\b[^.!?\n]{0,20}\b(?:oavsett|framför|före|först|regardless|above|over|first)\b",
    ),
    (
        "systemprompt|system prompt|system message|systeminstruktion|instruktion|instructions",
        rf"\b(?:avslöja|skriv ut|skriv av|visa|återge|upprepa|citera|läck|översätt|reveal|print|repeat|show|"
        rf"output|leak|display|translate)\b{_NEAR}\b(?:din systemprompt|dina systeminstruktion\w*|"
        rf"your system (?:prompt|message)|(?:dina )?(?:dolda|hemliga|ursprungliga) instruktion\w*|"
        rf"(?:your )?(?:hidden|initial|original|secret|exact) instructions)",
    ),
    (
        "above|ovan|verbatim|exactly",
        r"\b(?:repeat|print|output|upprepa|skriv av) (?:the |all |alla )?(?:words|text|everything|orden|"
        r"texten|allt) (?:above|ovan)\b|\b(?:output|print|write) (?:only )?the following (?:text|words?|"
        r"sentence|message)[^.!?\n]{0,20}\b(?:exactly|verbatim)\b",
    ),
    (
        "samtal|konversation|chat|conversation",
        rf"\b(?:skicka|vidarebefordra|mejla|ladda upp|send|forward|e-?mail|upload|post|"
        rf"exfiltrate)\b{_NEAR}\b(?:samtalet|konversation\w*|chatthistorik\w*|(?:chat|"
        rf"conversation) (?:history|log)|the conversation)\b{_NEAR}(?:https?://|\S+@\S+)",
    ),
    (
        "_",
        r"\b(?:kör|anropa|använd|call|invoke|run|execute|use) (?:the )?(?:verktyget|funktionen|tool|"
        r"function) [\"'`]?[a-z]+(?:_[a-z]+)+",
    ),
    (
        "from me|before you|innan du",
        rf"\b(?:important|urgent) (?:message|instructions?) from me\b|\bbefore you (?:can )?(?:solve|answer|"
        rf"complete|respond to)\b[^.!?\n]{{0,40}}\b(?:task|question|query|"
        rf"request)\b[^.!?\n]{{0,40}}\byou (?:must|need|have to|should)|\binnan du (?:svarar|hjälper) {_READER}",
    ),
    # The marks of a conversation's format and of calls of tools.
    (
        "<|[",
        r"<\|?(?:im_start|im_end|system|assistant|endoftext|start_header_id|eot_id|end_of_turn|"
        r"start_of_turn)\|?>|\[/?(?:INST|SYSTEM|ASSISTANT|SYS)\]|<</?SYS>>",
    ),
    (
        "<",
        r"</?(?:system|assistant|instructions?|system[-_]prompt|prompt|tool[-_](?:call|use|result)s?|"
        r"function[-_]calls?|invoke|untrusted|retrieved[-_]?\w*|important|information)(?:\s[^<>]{0,80})?>",
    ),
    (
        "assistant|human|#",
        r"^\W{0,4}(?:assistant|human)\s*:\s*\S|^#+ ?(?:instruction|response|system)\s*:",
    ),
    (
        "system:|systemet:|system :",
        rf"^\W{{0,4}}system(?:et)?\s*:\s*(?:you|du|your|din|{DROP}|{_ANSWER}|always|alltid|never|aldrig)\b",
    ),
    (
        "end of|begin of|begin the|slut på|end system|document|dokument|kontext|context|system",
        r"\b(?:end|begin|start|slut) (?:of |på )?(?:the )?(?:system ?(?:prompt|message|meddelande\w*)|"
        r"document|dokument(?:et)?|context|kontext(?:en)?)\b\W{1,6}(?:new|nya?|begin|system|user|ignor)",
    ),
    (
        "role\"|role'|tool_calls|function_call",
        r"[\"']role[\"']\s*:\s*[\"'](?:system|assistant|developer|user|tool)[\"']|[\"'](?:tool_calls|"
        r"function_call)[\"']\s*:",
    ),
    (
        "arguments|parameters|args\"|args'|input\"|input'",
        r"[\"'](?:tool|tool_name|function|name|action|"
        r"recipient_name)[\"']\s*:\s*[\"'][\w.:-]{1,60}[\"']\s*,\s*[\"'](?:arguments|parameters|args|input|"
        r"action_input|tool_input)[\"']\s*:",
    ),
)
"""Each with pieces of small letters of which one must be there, since to look for these costs next to nothing."""
