using System.Text;
using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Face;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Tokens;
using Latchkey.ModuleLink.Messages;
using Latchkey.Testing;

namespace Latchkey.Meter.Tests;

/// <summary>docs/meter-codes.md is written by this test, so that no number in the code is missing from the manual. LATCHKEY_GOLDEN=1 rewrites it.</summary>
public sealed class MeterCodesTests
{
    private static readonly string DocPath = RepositoryRoot.Combine("docs", "meter-codes.md");

    [Fact]
    public void TheManualsTables_AreWhatTheCodeSays()
    {
        string expected = Document();
        if (Environment.GetEnvironmentVariable("LATCHKEY_GOLDEN") == "1") File.WriteAllText(DocPath, expected);
        Assert.Equal(expected, File.ReadAllText(DocPath).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void EveryEventCode_HasItsOwnNumber()
    {
        int[] numbers = [.. Enum.GetValues<EventCode>().Select(e => (int)e)];
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }

    private static string Document()
    {
        var text = new StringBuilder();
        text.Append("""
            # What the meter shows and reports

            These numbers are the same on the display, in messages, at the interface and in the logs; none is ever reused.

            ## Results of a token

            | code | display | meaning |
            |---|---|---|

            """);
        foreach (TokenStatus status in Enum.GetValues<TokenStatus>())
            text.Append($"| {(int)status} | {TokenStatusTable.Display(status)} | {TokenStatusTable.Meaning(status)} |\n");
        text.Append("\n## Why the supply is off\n\nSeveral may hold at once; the supply returns when the last is gone. The most urgent is shown.\n\n| code | bit | words |\n|---|---|---|\n");
        foreach (OffReasons reason in Enum.GetValues<OffReasons>().Where(r => r != OffReasons.None).OrderBy(OffReasonTable.Code))
            text.Append($"| {OffReasonTable.Code(reason):D2} | {(uint)reason} | {OffReasonTable.Text(reason)} |\n");
        text.Append("\n## Short codes\n\nThree digits and `#`.\n\n| code | shows |\n|---|---|\n");
        foreach ((int code, string shows) in ShortCodes.Manual) text.Append($"| {code:D3} | {shows} |\n");
        text.Append("\nEmergency credit answers: ");
        text.Append(string.Join(", ", Enum.GetValues<EmergencyAnswer>().Select(a => $"{(int)a} {a}")));
        text.Append(".\n\n## Events\n\nUp to 255 the numbers of the DLMS/IDIS standard logs, from 300 on ours.\n\n| code | event |\n|---|---|\n");
        foreach (EventCode code in Enum.GetValues<EventCode>().Where(c => c != EventCode.None)) text.Append($"| {(int)code} | {code} |\n");
        text.Append("\n## Parameters over the air\n\n| number | parameter |\n|---|---|\n");
        foreach (MeterParameter parameter in Enum.GetValues<MeterParameter>()) text.Append($"| {(int)parameter} | {parameter} |\n");
        return text.ToString().ReplaceLineEndings("\n");
    }
}
