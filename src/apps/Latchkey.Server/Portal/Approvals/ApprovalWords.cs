using Latchkey.Server.Languages;
using Latchkey.Vending;
using Microsoft.Extensions.Localization;

namespace Latchkey.Server.Portal.Approvals;

/// <summary>Requests in people's words: what they are about, and who asked or answered.</summary>
internal sealed class ApprovalWords(IStringLocalizer<Words> words)
{
    /// <summary>The key of the word over what a request is about.</summary>
    public static string HeadOf(string kind) => kind switch
    {
        "budget" => "approvals.budget",
        "credit-note" or "bank-line" => "ask.vendor",
        "settlement" => "approvals.settlement-channel",
        "key-limit" or "key-resume" => "ask.key",
        "money-back" or "maker-answer" => "ask.purchase",
        _ => "approvals.meter",
    };

    /// <summary>What it is about, as a sentence's part: the meter's place, a budget by its kind and time, a vendor's name.</summary>
    public string About(ApprovalLine line)
    {
        if (line.Place is { } place) return place;
        if (!BudgetName.TryParse(line.Subject, out BudgetName? budget)) return line.Subject;
        string owner = budget.Owner == BudgetName.Everybody ? words["approvals.everybody"] : budget.Owner;
        string period = budget.Period == BudgetName.Always ? words["approvals.always"] : budget.Period;
        return $"{Kind(BudgetKinds.WordOf(budget.Kind))} · {period} · {owner}";
    }

    /// <summary>A person as the page names one; what no version of the program wrote stays as it is.</summary>
    public string Person(string text)
    {
        if (!ApprovalPerson.TryParse(text, out ApprovalPerson? person)) return text;
        return person.Source switch
        {
            PersonSource.Portal => person.Name,
            PersonSource.Api => words["approvals.program", person.Name],
            _ when person.Name == person.Account => words["approvals.at-machine", person.Name],
            _ => words["approvals.at-machine-as", person.Name, person.Account],
        };
    }

    /// <summary>What a request is about that two people decide on before it is done: in words where they are needed to decide.</summary>
    public string Detail(ApprovalLine line)
    {
        if (line.Kind != "money-back" || !MoneyBackClaim.TryParse(line.Detail, out MoneyBackClaim claim)) return line.Detail;
        return claim.Reason is { } reason ? $"{words[$"unused.{reason}"]}: {claim.Evidence}" : words["approvals.no-token"];
    }

    public string Kind(string kind) => words[$"approvals.kind.{kind}"] is { ResourceNotFound: false } word ? word.Value : kind;
}
