using System.Diagnostics.CodeAnalysis;

namespace Latchkey.Vending;

/// <summary>How it is known who somebody is. Numbers are not stored; the words are.</summary>
public enum PersonSource
{
    /// <summary>A person signed in at the portal.</summary>
    Portal = 1,

    /// <summary>A program with a key of the interface: not a person, so it may ask but never approve.</summary>
    Api = 2,

    /// <summary>Somebody at the machine itself: the operating system says which account, the name is what that account claims.</summary>
    Machine = 3,
}

/// <summary>Who asks or answers, as far as the system has made sure of it.</summary>
/// <param name="Account">The account at the portal, of the interface, or of the operating system: this is what makes somebody somebody else.</param>
/// <param name="Name">The name at the machine; elsewhere the account's own.</param>
/// <param name="MayApprove">Whether the account has the role for it, which is for the door that let it in to say.</param>
public sealed record ApprovalPerson(PersonSource Source, string Account, string Name, bool MayApprove)
{
    public const int MaxLength = 64;

    public static ApprovalPerson AtPortal(string account, bool isOperator) => new(PersonSource.Portal, account, account, isOperator);

    public static ApprovalPerson Program(string client) => new(PersonSource.Api, client, client, MayApprove: false);

    public static ApprovalPerson AtMachine(string osUser, string name) => new(PersonSource.Machine, osUser, name, MayApprove: true);

    /// <summary>Two accounts and two names: one account under two names is one person, and so is one name on two accounts.</summary>
    public bool IsSomebodyElseThan(ApprovalPerson other) => !Marks.Intersect(other.Marks, StringComparer.OrdinalIgnoreCase).Any();

    /// <summary>False for names that are empty, too long to be recorded, or would read as something else.</summary>
    public bool IsWellFormed => IsWord(Account) && IsWord(Name) && ToString().Length <= MaxLength;

    public override string ToString() => Source switch
    {
        PersonSource.Portal => "portal:" + Account,
        PersonSource.Api => "api:" + Account,
        _ => $"machine:{Account}/{Name}",
    };

    /// <summary>Reads what <see cref="ToString"/> wrote. Whether the account may approve is not part of it: that is asked when it does.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ApprovalPerson? person)
    {
        person = null;
        string[] parts = text?.Split(':', 2) ?? [];
        if (parts.Length != 2) return false;
        string[] names = parts[1].Split('/', 2);
        person = (parts[0], names.Length) switch
        {
            ("portal", _) => AtPortal(parts[1], isOperator: false),
            ("api", _) => Program(parts[1]),
            ("machine", 2) => AtMachine(names[0], names[1]) with { MayApprove = false },
            _ => null,
        };
        return person is { IsWellFormed: true };
    }

    private string[] Marks => [Account.Trim(), Name.Trim()];

    private static bool IsWord(string text) => text.Length > 0 && text == text.Trim() && !text.Any(c => char.IsControl(c) || c is '/' or ':');
}
