using System.CommandLine;
using System.Text.Json;
using Latchkey.Cli.Sts;
using Latchkey.Testing;

namespace Latchkey.Cli.Tests.Sts;

/// <summary>The token commands as a user types them. One at a time, because they write to the process's console.</summary>
[Collection("console")]
public sealed class StsCommandTests
{
    private const string IecKey = "0abc12def3456789";
    private const string IecToken = "51043465443420856213";
    private const string VendingKey = "abababababababab949494949494949401234567";

    [Fact]
    public void Encode_TheStandardsExample_PrintsItsToken()
    {
        Run run = Invoke($"encode electricity --ea 7 --key {IecKey} --base-date 1993 --issue 1996-03-25T13:55:22 --rnd 11 --amount 25.6 --json");
        Assert.Equal((0, IecToken), (run.ExitCode, run.Json.GetProperty("token").GetString()));
    }

    [Fact]
    public void Decode_TheStandardsExample_PrintsItsFields()
    {
        JsonElement json = Invoke($"decode {IecToken} --ea 7 --key {IecKey} --base-date 1993 --json").Json;
        Assert.Equal((1_698_595, 25.6m), (json.GetProperty("tid").GetInt32(), json.GetProperty("amount").GetDecimal()));
    }

    [Fact]
    public void Decode_UnderAnotherKey_FailsWithTheReason()
    {
        Run run = Invoke($"decode {IecToken} --ea 7 --key 0000000000000000 --json");
        Assert.Equal((1, "CrcError"), (run.ExitCode, run.Json.GetProperty("result").GetString()));
    }

    [Fact]
    public void Derive_TheWorkedExample_PrintsItsKey() =>
        Assert.Equal("929bd3a415c9420a05ec5ee9f3ce91c3", Invoke($"derive --vk {VendingKey} --sgc 201457 --json").Json.GetProperty("decoderKey").GetString());

    [Fact]
    public void Encode_AKeyChange_PrintsThePublishedTokens()
    {
        JsonElement json = Invoke($"encode key-change --vk {VendingKey} --sgc 201457 --new-vk {VendingKey} --new-sgc 201457 --new-ti 02 --json").Json;
        Assert.Equal(
            "03854447086453451911 02791799436242461152 67118070329353977190 19019128690902932218",
            string.Join(' ', json.GetProperty("tokens").EnumerateArray().Select(t => t.GetString())));
    }

    [Fact]
    public void Explain_ADigitMissing_NamesTheGroup() =>
        Assert.Equal(3, Invoke(["explain", "5104 3465 443 2085 6213", "--ea", "7", "--key", IecKey, "--json"]).Json.GetProperty("suspectGroup").GetInt32());

    [Theory]
    [InlineData("encode nothing --key 00")]
    [InlineData("encode electricity --amount x --key 00112233445566778899aabbccddeeff")]
    [InlineData("encode electricity --amount 1 --key 0011223344")]
    [InlineData("encode electricity --amount 1 --key 00112233445566778899aabbccddeeff --base-date 1993 --issue 2025-01-01T00:00")]
    [InlineData("encode electricity --amount 1 --key 00112233445566778899aabbccddeeff --ken 1 --issue 2025-01-01T00:00")]
    [InlineData("derive --vk c1d2e3f4")]
    [InlineData("decode 123")]
    [InlineData("vectors no-such-file.json")]
    [InlineData("tables no-such-file.json")]
    public void WrongInput_FailsWithOneLineAndNoSecret(string line)
    {
        Run run = Invoke(line);
        Assert.Equal((1, 1), (run.ExitCode, run.Errors.Trim().Split('\n').Length));
        Assert.DoesNotContain("c1d2e3f4", run.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("0011223344", run.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Vectors_OfTheRepository_PrintOneLineForEach()
    {
        Run run = Invoke(["vectors", RepositoryRoot.Combine("vectors", "sts", "sample-tables.json")]);
        string[] lines = run.Output.Trim().Split('\n');
        Assert.Equal(184, lines.Length);
        Assert.All(lines, line => Assert.Contains("\"result\":", line, StringComparison.Ordinal));
    }

    private static Run Invoke(string line) => Invoke(line.Split(' '));

    private static Run Invoke(string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        (TextWriter oldOutput, TextWriter oldErrors) = (Console.Out, Console.Error);
        try
        {
            Console.SetOut(output);
            Console.SetError(errors);
            return new Run(StsCommand.Create().Parse(arguments).Invoke(), output.ToString(), errors.ToString());
        }
        finally
        {
            Console.SetOut(oldOutput);
            Console.SetError(oldErrors);
        }
    }

    private sealed record Run(int ExitCode, string Output, string Errors)
    {
        public JsonElement Json
        {
            get
            {
                using JsonDocument document = JsonDocument.Parse(Output);
                return document.RootElement.Clone();
            }
        }
    }
}
