namespace Latchkey.Emulators.Calin;

/// <summary>How one call at the token service goes wrong.</summary>
public enum CalinFault
{
    /// <summary>It does not.</summary>
    None = 0,

    /// <summary>Status 500, and no token was made.</summary>
    FailBefore = 1,

    /// <summary>Status 500, and a token was made.</summary>
    FailAfter = 2,

    /// <summary>The line is cut before a token was made.</summary>
    DropBefore = 3,

    /// <summary>The line is cut after a token was made.</summary>
    DropAfter = 4,

    /// <summary>A token is made at once and the answer waits for <see cref="CalinEmulatorOptions.Delay"/>.</summary>
    Late = 5,

    /// <summary>The token of the sale before is answered again: a fault of the service that real ones have had.</summary>
    Repeat = 6,

    /// <summary>A token of another amount than was asked for, and the answer says so.</summary>
    OtherAmount = 7,

    /// <summary>Success without a token.</summary>
    NoToken = 8,

    /// <summary>A page for people instead of an answer; a token was made.</summary>
    Page = 9,

    /// <summary>Half an answer with a token in it.</summary>
    Cut = 10,

    /// <summary>A refusal with a number that nobody explained.</summary>
    Refuse = 11,

    /// <summary>A refusal that repeats what was sent, passwords and all.</summary>
    RefuseLoudly = 12,
}
